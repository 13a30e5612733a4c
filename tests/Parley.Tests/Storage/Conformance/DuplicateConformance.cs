using System.Text.Json;
using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Conformance;

/// <summary>G3: the same key is the same message, and so is the same text within the debounce time.</summary>
public abstract class DuplicateConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task The_same_key_and_content_gets_the_first_answer_and_stores_nothing()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var input = new SendInput { To = "aaron", Content = "hello", Key = "k", Type = "status", Metadata = Json("""{"a":1,"b":[2]}""") };
        var first = await House.SendAsync(tesla, input);
        await House.Acknowledge.RunAsync(aaron, 1, Ct);
        House.Clock.Advance(TimeSpan.FromDays(8));
        var before = await House.ContentsAsync();
        var again = await House.SendAsync(tesla, input with { Metadata = Json("""{ "b": [2], "a": 1 }""") });
        (await House.ContentsAsync()).ShouldBe(before);
        again.Duplicate.ShouldBeTrue();
        (again.Message with { Mentions = [] }).ShouldBe(first.Message with { Mentions = [] });
        again.Deliveries.ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Acknowledged);
        again.DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_with_anything_else_is_refused()
    {
        var (tesla, _, _) = await House.PairAsync();
        var bea = await House.AgentAsync("bea");
        await House.LinkAsync(tesla, bea);
        var input = new SendInput { To = "aaron", Content = "hello", Key = "k" };
        await House.SendAsync(tesla, input);
        SendInput[] others =
        [
            input with { Content = "other" }, input with { To = "bea" }, input with { To = "#general" }, input with { Type = "status" }, input with { Metadata = Json("""{"a":1}""") },
        ];
        foreach (var other in others)
        {
            await House.StoresNothingAsync(() => House.SendAsync(tesla, other), ErrorCode.KeyReused);
        }
    }

    [Fact]
    public async Task A_key_belongs_to_its_sender()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var first = await House.SayAsync(tesla, "aaron", "hello", "k");
        var second = await House.SayAsync(aaron, "tesla", "hello", "k");
        (second.Duplicate, second.Message.Id == first.Message.Id).ShouldBe((false, false));
    }

    [Fact]
    public async Task A_key_gets_its_first_answer_when_the_recipient_can_no_longer_be_reached()
    {
        var (tesla, _, link) = await House.PairAsync();
        var first = await House.SayAsync(tesla, "aaron", "hello", "k");
        await House.RemoveLink.RunAsync(House.Owner, link.Id, Ct);
        var again = await House.SayAsync(tesla, "aaron", "hello", "k");
        (again.Duplicate, again.Message.Id).ShouldBe((true, first.Message.Id));
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "other", "k"), ErrorCode.KeyReused);
    }

    [Fact]
    public async Task A_key_gets_its_first_answer_after_a_person_edited_the_text()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(Hold: true));
        var first = await House.SayAsync(tesla, "aaron", "as sent", "k");
        await House.Holds.ApproveAsync(House.Owner, first.Message.Id, "as edited", Ct);
        (await House.TextsAsync(aaron)).ShouldBe(["as edited"]);
        (await House.SayAsync(tesla, "aaron", "as sent", "k")).Duplicate.ShouldBeTrue();
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "something else", "k"), ErrorCode.KeyReused);
    }

    [Theory]
    [InlineData("aaron")]
    [InlineData("#general")]
    public async Task Many_sends_with_one_key_at_once_store_one_message(string to)
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => House.SayAsync(tesla, to, "hello", "k")))).Within(Patience);
        receipts.Count(receipt => !receipt.Duplicate).ShouldBe(1);
        receipts.Select(receipt => receipt.Message.Id).Distinct().ShouldHaveSingleItem();
        (await House.TextsAsync(aaron)).ShouldBe(["hello"]);
    }

    [Fact]
    public async Task One_key_for_many_recipients_at_once_stores_one_message()
    {
        var tesla = await House.AgentAsync("tesla");
        var names = Enumerable.Range(0, 8).Select(i => $"peer-{i}").ToList();
        foreach (var name in names)
        {
            await House.LinkAsync(tesla, await House.AgentAsync(name));
        }

        var sends = names.ConvertAll(name => Task.Run(() => House.SayAsync(tesla, name, "hello", "k")));
        await Task.WhenAll(sends).Within(Patience).RefusedAsync(ErrorCode.KeyReused);
        sends.Count(send => send.IsCompletedSuccessfully).ShouldBe(1);
        sends.Where(send => send.IsFaulted).ShouldAllBe(send => ((ParleyError)send.Exception!.InnerException!).Code == ErrorCode.KeyReused);
    }

    [Fact]
    public async Task The_same_text_within_five_seconds_is_the_first_message()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var first = await House.SayAsync(tesla, "aaron", "A");
        House.Clock.Advance(TimeSpan.FromSeconds(2));
        (await House.SayAsync(tesla, "aaron", "B")).Duplicate.ShouldBeFalse();
        House.Clock.Advance(TimeSpan.FromSeconds(2.9));
        var before = await House.ContentsAsync();
        var again = await House.SayAsync(tesla, "aaron", "A");
        (await House.ContentsAsync()).ShouldBe(before);
        (again.Duplicate, again.Message.Id).ShouldBe((true, first.Message.Id));
        House.Clock.Advance(TimeSpan.FromSeconds(0.2));
        (await House.SayAsync(tesla, "aaron", "A")).Duplicate.ShouldBeFalse();
        (await House.TextsAsync(aaron)).ShouldBe(["A", "B", "A"]);
    }

    [Fact]
    public async Task Each_direction_and_each_peer_is_debounced_for_itself()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.LinkAsync(tesla, await House.AgentAsync("bea"));
        await House.SayAsync(tesla, "aaron", "same");
        (await House.SayAsync(aaron, "tesla", "same")).Duplicate.ShouldBeFalse();
        (await House.SayAsync(tesla, "bea", "same")).Duplicate.ShouldBeFalse();
        (await House.SayAsync(tesla, "aaron", "same", "with a key")).Duplicate.ShouldBeFalse();
        (await House.SayAsync(aaron, "tesla", "same")).Duplicate.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_debounce_every_text_is_a_message()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(DebounceSeconds: 0));
        await House.SayAsync(tesla, "aaron", "A");
        await House.SayAsync(tesla, "aaron", "A");
        (await House.TextsAsync(aaron)).ShouldBe(["A", "A"]);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_makes_no_duplicate_of_a_text_said_long_ago()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.SayAsync(tesla, "aaron", "A");
        House.Clock.ShiftWallClock(TimeSpan.FromHours(-1));
        (await House.SayAsync(tesla, "aaron", "A")).Duplicate.ShouldBeFalse();
        (await House.SayAsync(tesla, "aaron", "A")).Duplicate.ShouldBeTrue();
        (await House.TextsAsync(aaron)).ShouldBe(["A", "A"]);
    }

    [Fact]
    public async Task The_strict_form_refuses_any_text_of_either_side_and_says_when()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(StrictDebounce: true, DebounceSeconds: 5));
        await House.SayAsync(tesla, "aaron", "A", "k");
        House.Clock.Advance(TimeSpan.FromSeconds(2));
        (await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "B"), ErrorCode.Debounced)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        (await House.StoresNothingAsync(() => House.SayAsync(aaron, "tesla", "B"), ErrorCode.Debounced)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        (await House.SayAsync(tesla, "aaron", "A", "k")).Duplicate.ShouldBeTrue();
        House.Clock.Advance(TimeSpan.FromSeconds(3));
        await House.SayAsync(aaron, "tesla", "B");
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}

public sealed class SqliteDuplicateTests() : DuplicateConformance(new SqliteStore());

public sealed class PostgresDuplicateTests() : DuplicateConformance(new PostgresStore());
