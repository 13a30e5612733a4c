using Microsoft.Extensions.DependencyInjection;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Server.Live;

namespace Parley.Server.Tests.Meetings;

/// <summary>A message that waits for a person is shown when it is said, and once more when the person has decided.</summary>
public sealed class HeldMessageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_approval_everybody_who_watches_sees_it_whole_with_its_chain()
    {
        await using var room = await OpenAsync();
        await room.Owner.Meetings.PostAsync("board", "@ceo go", Ct);
        var held = await room.AnswerAsync("ceo", "@cto status?");
        var participant = room.UntilAsync(Decided, client: room.Client("cto"));
        var person = await room.UntilAsync(Decided, each: happened => happened.Message?.Withheld == "held" ? room.Owner.People.ApproveAsync(held.Id, cancellation: Ct) : Task.CompletedTask);

        Of(person, "ceo").Select(message => (message.Withheld, message.Content, message.Number, message.Chain!.Asks[0])).ShouldBe([("held", "@cto status?", 2, "cto"), (null, "@cto status?", 2, "cto")]);
        // Who takes part sees what it says, and whom it asks, only now.
        var seen = Of(await participant, "ceo");
        (seen[^1].Content, seen[^1].Chain!.Asks[0], seen[^1].Withheld).ShouldBe(("@cto status?", "cto", null));
        seen.SkipLast(1).ShouldAllBe(message => message.Content == null && message.Chain == null);
        (await room.Owner.Meetings.FindAsync("board", Ct)).Waiting.ShouldBe(["cto"]);
    }

    [Theory]
    [InlineData(2L)]
    [InlineData(null)]
    public async Task Also_to_who_began_to_watch_while_it_waited(long? after)
    {
        await using var room = await OpenAsync();
        await room.Owner.Meetings.PostAsync("board", "@ceo go", Ct);
        var held = await room.AnswerAsync("ceo", "@cto status?");
        var events = await room.UntilAsync(
            Decided, after, each: happened => happened.Kind == MeetingEventKind.State ? room.Owner.People.ApproveAsync(held.Id, "@cto your status, please?", Ct) : Task.CompletedTask);
        Of(events, "ceo").Select(message => (message.Number, message.Content)).ShouldBe([(2, "@cto your status, please?")]);
    }

    [Fact]
    public async Task Also_where_the_decision_falls_between_two_connections_and_what_was_said_meanwhile_comes_once()
    {
        await using var room = await OpenAsync();
        await room.Owner.Meetings.PostAsync("board", "@ceo go", Ct);
        var held = await room.AnswerAsync("ceo", "@cto status?");
        await room.Owner.Meetings.PostAsync("board", "@cfo and you?", Ct);
        var watch = room.Server.Services.GetRequiredService<ConnectionWatch>();
        var events = await room.UntilAsync(
            all => Decided(all) && Of(all, "owner").Count == 3,
            each: async happened =>
            {
                if (happened.Message is { Number: 3 })
                {
                    await watch.CloseAllAsync();
                    await room.Owner.People.ApproveAsync(held.Id, cancellation: Ct);
                    await room.Owner.Meetings.PostAsync("board", "@cfo?", Ct);
                }
            });
        events.Where(happened => happened.Message is not null).Select(happened => (happened.Message!.Number, happened.Message.Withheld)).ShouldBe([(1, null), (2, "held"), (3, null), (2, null), (4, null)]);
    }

    [Fact]
    public async Task A_refusal_is_shown_too()
    {
        await using var room = await OpenAsync();
        await room.Owner.Meetings.PostAsync("board", "@ceo go", Ct);
        var held = await room.AnswerAsync("ceo", "@cto status?");
        var events = await room.UntilAsync(Decided, each: happened => happened.Message?.Withheld == "held" ? room.Owner.People.RefuseAsync(held.Id, "Not today", Ct) : Task.CompletedTask);
        Of(events, "ceo").Select(message => message.Withheld).ShouldBe(["held", "refused"]);
    }

    private static async Task<Room> OpenAsync()
    {
        var room = await Room.OpenAsync();
        await room.Owner.Agents.EditAsync("ceo", new EditAgentRequest(Hold: true), Ct);
        return room;
    }

    private static bool Decided(List<MeetingEvent> events) => events.Exists(happened => happened.Message is { From: "ceo", Withheld: not "held" });

    private static List<MessageView> Of(List<MeetingEvent> events, string name) => [.. events.Where(happened => happened.Message?.From == name).Select(happened => happened.Message!)];
}
