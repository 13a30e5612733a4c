using System.Text.Json;
using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

/// <summary>A refusal means that nothing was stored: every row of every table is compared.</summary>
public abstract class RefusalConformance(TestStore store) : Conformance(store)
{
    private static readonly Dictionary<string, (SendInput Input, ErrorCode Code)> BadInputs = new()
    {
        ["no text"] = (new SendInput { To = "aaron" }, ErrorCode.InvalidRequest),
        ["blank text"] = (new SendInput { To = "aaron", Content = " \n" }, ErrorCode.InvalidRequest),
        ["text too large"] = (new SendInput { To = "aaron", Content = new string('x', Limits.ContentBytes + 1) }, ErrorCode.TooLarge),
        ["text too large in UTF-8"] = (new SendInput { To = "aaron", Content = new string('ü', (Limits.ContentBytes / 2) + 1) }, ErrorCode.TooLarge),
        ["NUL in the text"] = (new SendInput { To = "aaron", Content = "a\0b" }, ErrorCode.InvalidRequest),
        ["half a surrogate pair"] = (new SendInput { To = "aaron", Content = "a\ud83d" }, ErrorCode.InvalidRequest),
        ["empty key"] = (new SendInput { To = "aaron", Content = "x", Key = "" }, ErrorCode.InvalidRequest),
        ["long key"] = (new SendInput { To = "aaron", Content = "x", Key = new string('k', 129) }, ErrorCode.InvalidRequest),
        ["unknown type"] = (new SendInput { To = "aaron", Content = "x", Type = "gossip" }, ErrorCode.InvalidRequest),
        ["type system"] = (new SendInput { To = "aaron", Content = "x", Type = "system" }, ErrorCode.InvalidRequest),
        ["metadata no object"] = (new SendInput { To = "aaron", Content = "x", Metadata = Json("[1]") }, ErrorCode.InvalidRequest),
        ["metadata too large"] = (new SendInput { To = "aaron", Content = "x", Metadata = Json($$"""{"a":"{{new string('x', Limits.MetadataBytes)}}"}""") }, ErrorCode.TooLarge),
        ["17 mentions"] = (new SendInput { To = "aaron", Content = "x", Mentions = [.. Enumerable.Range(0, 17).Select(i => $"a{i}")] }, ErrorCode.TooLarge),
        ["reply by in the past"] = (new SendInput { To = "aaron", Content = "x", ReplyBy = TestStore.Start }, ErrorCode.InvalidRequest),
        ["reply by from a whole channel"] = (new SendInput { To = "#general", Content = "x", ReplyBy = TestStore.Start.AddDays(1) }, ErrorCode.InvalidRequest),
        ["reply by from a channel that is meant"] = (new SendInput { Content = "x", ReplyBy = TestStore.Start.AddDays(1) }, ErrorCode.InvalidRequest),
        ["time to live of nothing"] = (new SendInput { To = "aaron", Content = "x", TimeToLive = TimeSpan.Zero }, ErrorCode.InvalidRequest),
        ["empty recipient"] = (new SendInput { To = " ", Content = "x" }, ErrorCode.InvalidRequest),
        ["itself"] = (new SendInput { To = "tesla", Content = "x" }, ErrorCode.InvalidRequest),
        ["unknown recipient"] = (new SendInput { To = "nobody", Content = "x" }, ErrorCode.UnknownRecipient),
        ["a name that cannot be stored"] = (new SendInput { To = "aa\0ron", Content = "x" }, ErrorCode.InvalidRequest),
        ["half a pair in a name"] = (new SendInput { To = "aa\ud83dron", Content = "x" }, ErrorCode.InvalidRequest),
        ["unlinked"] = (new SendInput { To = "stranger", Content = "x" }, ErrorCode.NotLinked),
        ["unknown channel"] = (new SendInput { To = "#nowhere", Content = "x" }, ErrorCode.UnknownRecipient),
        ["channel it is not in"] = (new SendInput { To = "#side", Content = "x" }, ErrorCode.UnknownRecipient),
        ["unknown project"] = (new SendInput { To = "#general", Project = "nowhere", Content = "x" }, ErrorCode.UnknownRecipient),
        ["a project that cannot be stored"] = (new SendInput { To = "#general", Project = "no\0where", Content = "x" }, ErrorCode.InvalidRequest),
        ["a mention in chat of an unlinked agent"] = (new SendInput { To = "agent_chat", Content = "@aaron and @stranger" }, ErrorCode.NotLinked),
        ["a mention in chat of nobody"] = (new SendInput { To = "agent_chat", Content = "@aaron and @nobody" }, ErrorCode.UnknownRecipient),
    };

    public static TheoryData<string> Names => [.. BadInputs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_refused_input_stores_nothing(string name)
    {
        var (tesla, _, _) = await House.PairAsync();
        await House.AgentAsync("stranger");
        await House.CreateChannel.RunAsync(House.Owner, null, "side", Ct);
        var (input, code) = BadInputs[name];
        await House.StoresNothingAsync(() => House.SendAsync(tesla, input), code);
    }

    [Fact]
    public async Task A_disabled_link_refuses_both_directions_and_stores_nothing()
    {
        var (tesla, aaron, link) = await House.PairAsync();
        await House.EditLink.RunAsync(House.Owner, link.Id, settings => settings with { Enabled = false }, Ct);
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "x"), ErrorCode.NotLinked);
        await House.StoresNothingAsync(() => House.SayAsync(aaron, "tesla", "x"), ErrorCode.NotLinked);
    }

    [Fact]
    public async Task A_removed_link_refuses_and_a_new_one_goes_on_in_the_old_conversation()
    {
        var (tesla, aaron, link) = await House.PairAsync();
        await House.SayAsync(tesla, "aaron", "before");
        await House.RemoveLink.RunAsync(House.Owner, link.Id, Ct);
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "x"), ErrorCode.NotLinked);
        (await House.LinkAsync(aaron, tesla)).ConversationId.ShouldBe(link.ConversationId);
        (await House.SayAsync(tesla, "aaron", "after")).Message.Number.ShouldBe(2);
    }

    [Theory]
    [InlineData(HaltScope.Agent, "tesla")]
    [InlineData(HaltScope.Agent, "aaron")]
    [InlineData(HaltScope.Link, null)]
    [InlineData(HaltScope.Organization, null)]
    [InlineData(HaltScope.Server, null)]
    public async Task A_halt_of_each_scope_refuses_sends_and_stores_nothing_until_it_is_released(HaltScope scope, string? target)
    {
        var (tesla, _, link) = await House.PairAsync();
        await House.SayAsync(tesla, "aaron", "before");
        target = scope == HaltScope.Link ? link.Id.ToString() : target;
        await House.Halt.RunAsync(House.Owner, scope, target, "smoke", Ct);
        (await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "x"), ErrorCode.Halted)).Message.ShouldContain("smoke");
        await House.Resume.RunAsync(House.Owner, scope, target, Ct);
        (await House.SayAsync(tesla, "aaron", "after")).Message.Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_halted_project_refuses_its_channels_and_nothing_else()
    {
        var (tesla, _, _) = await House.PairAsync();
        await House.Halt.RunAsync(House.Owner, HaltScope.Project, "default", null, Ct);
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "#general", "x"), ErrorCode.Halted);
        await House.StoresNothingAsync(() => House.SayAsync(House.Owner, "#general", "x"), ErrorCode.Halted);
        await House.SayAsync(tesla, "aaron", "direct");
    }

    [Fact]
    public async Task A_removed_agent_neither_sends_nor_receives()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.RemoveAgent.RunAsync(House.Owner, "aaron", Ct);
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "x"), ErrorCode.UnknownRecipient);
        await House.StoresNothingAsync(() => House.SayAsync(House.Owner, "aaron", "x"), ErrorCode.UnknownRecipient);
        await House.StoresNothingAsync(() => House.SayAsync(aaron, "tesla", "x"), ErrorCode.Unauthenticated);
        await House.AgentAsync("aaron");
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "x"), ErrorCode.NotLinked);
    }

    [Fact]
    public async Task An_agent_of_another_organization_is_refused_in_the_words_for_one_that_does_not_exist()
    {
        var (tesla, _, _) = await House.PairAsync();
        var other = await House.OrganizationAsync("other");
        await House.AgentAsync("foreign", other);
        var foreign = await House.StoresNothingAsync(() => House.SayAsync(tesla, "foreign", "x"), ErrorCode.UnknownRecipient);
        var unknown = await House.StoresNothingAsync(() => House.SayAsync(tesla, "unknown", "x"), ErrorCode.UnknownRecipient);
        foreign.Message.Replace("foreign", "unknown", StringComparison.Ordinal).ShouldBe(unknown.Message);
    }

    [Fact]
    public async Task Peer_messaging_that_is_switched_off_refuses_peers_but_not_persons()
    {
        var (tesla, _, _) = await House.PairAsync();
        var features = new SetFeatures(House.Database, House.Clock);
        await features.RunAsync(House.Owner, on => on & ~Features.PeerMessaging, Ct);
        await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "x"), ErrorCode.FeatureOff);
        await House.SayAsync(House.Owner, "aaron", "from a person");
        await features.RunAsync(House.Owner, on => on | Features.PeerMessaging, Ct);
        await House.SayAsync(tesla, "aaron", "x");
    }

    [Fact]
    public async Task A_token_without_the_right_to_send_stores_nothing()
    {
        var (tesla, _, _) = await House.PairAsync();
        await House.StoresNothingAsync(() => House.SayAsync(tesla with { Scopes = Scopes.Read }, "aaron", "x"), ErrorCode.Forbidden);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}

public sealed class SqliteRefusalTests() : RefusalConformance(new SqliteStore());

public sealed class PostgresRefusalTests() : RefusalConformance(new PostgresStore());
