using System.Text.Json;
using Parley.Core;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Core.Tasks;
using Parley.Tests.Turns;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Tasks are rows that are written with the messages that change them.</summary>
public abstract class TaskConformance(TestStore store) : Conformance(store)
{
    private Caller tesla = null!;
    private Caller aaron = null!;
    private TurnHouse turns = null!;

    private SendMessage Send => new(House.Database, new Router(House.Board, new PersonRoutes(), new MeetingRoutes(House.Board), new SessionRoutes(House.Board, turns.Policy)), House.Wake, House.Clock, new FollowTasks());

    private SpawnSession Spawn => new(House.Database, Send, turns.Models, turns.Policy, turns.Schemas, House.Clock);

    private SendTask Give => new(House.Database, Send, Spawn, turns.Policy, House.Clock);

    private ReadTask Read => new(House.Database, House.Clock);

    private ListTasks List => new(House.Database);

    private CancelTask Cancel => new(House.Database, new KillSession(House.Database, new EndSession(Send, turns.Policy, new FollowTasks()), Send, [], House.Wake, House.Clock), Read, House.Wake, House.Clock);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        turns = new TurnHouse(House);
        (tesla, aaron, _) = await House.PairAsync();
    }

    [Fact]
    public async Task A_task_is_read_after_a_restart_as_before()
    {
        var given = await GiveAsync("Write a poem");
        await AnswerAsync("Roses", new { id = given.Task.Id, artifact = new { id = "poem", text = "Roses are red" } });
        await AnswerAsync("Which rhyme?", new { id = given.Task.Id, state = "input_required" });
        var before = await ReadAsync(given);
        await RestartAsync();
        turns = new TurnHouse(House);
        (await ReadAsync(given)).ShouldBeEquivalentTo(before);
        before.Steps.Select(step => (step.Event.Number, step.Event.Kind, step.Event.Stage)).ShouldBe(
            [(1, TaskEventKind.Said, TaskStage.Submitted), (2, TaskEventKind.Artifact, TaskStage.Working), (3, TaskEventKind.Status, TaskStage.InputRequired)]);
        await AnswerAsync("Done", new { id = given.Task.Id, state = "completed" });
        (await ReadAsync(given)).Task.ShouldSatisfyAllConditions(task => task.Stage.ShouldBe(TaskStage.Completed), task => task.EndedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task The_same_key_gives_the_task_once_and_another_content_is_refused()
    {
        var first = await GiveAsync("Once", "k");
        (await GiveAsync("Once", "k")).Task.ShouldBe(first.Task);
        (await Should.ThrowAsync<ParleyError>(() => GiveAsync("Twice", "k"))).Code.ShouldBe(ErrorCode.KeyReused);
        await House.SayAsync(tesla, "aaron", "said before", "said");
        (await Should.ThrowAsync<ParleyError>(() => GiveAsync("said before", "said"))).Code.ShouldBe(ErrorCode.KeyReused);
        (await House.InboxAsync(aaron)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_stores_nothing_and_an_ended_task_takes_nothing()
    {
        await House.StoresNothingAsync(() => Give.RunAsync(aaron, new SendTaskInput { Target = "nobody", Text = "x", Key = "n" }, Ct), ErrorCode.NotFound);
        var given = await GiveAsync("Do it");
        await Cancel.RunAsync(tesla, "aaron", given.Task.Id, Ct);
        (await Should.ThrowAsync<ParleyError>(() => Cancel.RunAsync(tesla, "aaron", given.Task.Id, Ct))).Code.ShouldBe(ErrorCode.TaskEnded);
        (await Should.ThrowAsync<ParleyError>(() => Give.RunAsync(tesla, new SendTaskInput { Target = "aaron", Text = "more", Key = "more", TaskId = given.Task.Id }, Ct))).Code.ShouldBe(ErrorCode.TaskEnded);
        await House.StoresNothingAsync(() => AnswerAsync("late", new { id = given.Task.Id, state = "completed" }), ErrorCode.TaskEnded);
        await Send.RunAsync(aaron, new SendInput { To = "tesla", Content = "late", ReplyTo = given.Task.MessageId }, Ct);
        (await ReadAsync(given)).Task.Stage.ShouldBe(TaskStage.Canceled);
        (await House.NoticesAsync(aaron)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_waits_for_credits_changes_the_task_only_when_it_is_released()
    {
        var (galileo, newton, _) = (await House.AgentAsync("galileo"), await House.AgentAsync("newton"), 0);
        await House.CreateLink.RunAsync(House.Owner, "galileo", "newton", new Core.Links.LinkSettings(MessagesPerWindow: 1), Ct);
        var given = await Give.RunAsync(galileo, new SendTaskInput { Target = "newton", Text = "Fall", Key = "f" }, Ct);
        await Send.RunAsync(newton, new SendInput { To = "galileo", Content = "It fell", ReplyTo = given.Task.MessageId }, Ct);
        (await Read.RunAsync(galileo, "newton", given.Task.Id, Ct)).Task.Stage.ShouldBe(TaskStage.Submitted);
        House.Clock.Advance(TimeSpan.FromHours(6));
        await new ReleaseDeferred(House.Database, House.Board, House.Wake, House.Clock, new FollowTasks()).RunOnceAsync(Ct);
        var done = await Read.RunAsync(galileo, "newton", given.Task.Id, Ct);
        (done.Task.Stage, done.Steps[1].Message!.Content).ShouldBe((TaskStage.Completed, "It fell"));
    }

    [Fact]
    public async Task Answers_at_the_same_time_as_a_cancellation_end_it_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var given = await GiveAsync($"Race {round}");
            var outcomes = await Task.WhenAll(
                Task.Run(() => TriedAsync(() => AnswerAsync($"Done {round}", new { id = given.Task.Id, state = "completed" }))),
                Task.Run(() => TriedAsync(() => Cancel.RunAsync(tesla, "aaron", given.Task.Id, Ct)))).Within(Patience);
            var task = await ReadAsync(given);
            task.Task.Ended.ShouldBeTrue();
            task.Steps.Count(step => TaskRules.IsEnd(step.Event.Stage)).ShouldBe(1);
            task.Steps.Select(step => step.Event.Number).ShouldBe(Enumerable.Range(1, task.Steps.Count).Select(i => (long)i));
            outcomes.ShouldContain(true);
        }
    }

    [Fact]
    public async Task Pages_have_every_task_once_and_those_of_others_never()
    {
        var given = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            given.Add((await GiveAsync($"Task {i}")).Task.Id);
        }

        await Give.RunAsync(House.Owner, new SendTaskInput { Target = "aaron", Text = "Mine", Key = "mine" }, Ct);
        var (seen, place) = (new List<Guid>(), (TaskPlace?)null);
        while (true)
        {
            var (page, total) = await List.RunAsync(tesla, "aaron", new TaskQuery(default, default, default, Before: place, Limit: 3), Ct);
            total.ShouldBe(7);
            seen.AddRange(page.Select(view => view.Task.Id));
            if (page.Count < 3)
            {
                break;
            }

            place = new TaskPlace(page[^1].Task.UpdatedAt, page[^1].Task.Id);
        }

        seen.ShouldBe(Enumerable.Reverse(given));
    }

    [Fact]
    public async Task A_turns_task_stays_in_its_chain()
    {
        var root = await House.SayAsync(House.Owner, "tesla", "Begin");
        var inside = tesla with { Origin = new Origin(Guid.NewGuid(), Guid.NewGuid(), root.Message.RootId, 2) };
        var given = await Give.RunAsync(inside, new SendTaskInput { Target = "aaron", Text = "Deeper", Key = "deeper" }, Ct);
        var message = (await House.InboxAsync(aaron)).ShouldHaveSingleItem().Message;
        (given.Task.RootId, message.RootId, message.Depth).ShouldBe((root.Message.RootId, root.Message.RootId, 3));
    }

    [Fact]
    public async Task Tasks_of_meetings_end_when_nobody_is_left_who_was_asked_and_no_other_task_does()
    {
        await new StartMeeting(House.Database, House.Board, new MeetingTemplates(null), House.Clock).RunAsync(House.Owner, new StartMeetingInput(["tesla", "aaron"], Name: "room"), Ct);
        var direct = await GiveAsync("Stay open");
        var rooms = new List<TaskView>();
        foreach (var text in new[] { "@aaron first?", "@tesla second?" })
        {
            House.Clock.Advance(TimeSpan.FromSeconds(1));
            rooms.Add(await Give.RunAsync(House.Owner, new SendTaskInput { Target = "meeting:room", Text = text, Key = text }, Ct));
        }

        (await House.Database.ReadAsync(unit => unit.Tasks.OpenInMeetingsAsync(Guid.Empty, 1), Ct)).ShouldHaveSingleItem().Id.ShouldBe(rooms[0].Task.Id);
        (await House.Database.ReadAsync(unit => unit.Tasks.OpenInMeetingsAsync(rooms[0].Task.Id, 9), Ct)).ShouldHaveSingleItem().Id.ShouldBe(rooms[1].Task.Id);
        var ending = new EndTasks(House.Database, House.Wake, House.Clock);
        (await ending.RunOnceAsync(Ct)).ShouldBeFalse();
        (await StagesAsync()).ShouldBe([TaskStage.Working, TaskStage.Working, TaskStage.Submitted]);
        await new Acknowledge(House.Database, House.Clock).RunAsync(aaron, (await House.InboxAsync(aaron))[^1].Number, Ct);
        await ending.RunOnceAsync(Ct);
        await ending.RunOnceAsync(Ct);
        (await StagesAsync()).ShouldBe([TaskStage.Completed, TaskStage.Working, TaskStage.Submitted]);
        (await House.Database.ReadAsync(unit => unit.Tasks.EventsAsync(rooms[0].Task.Id, after: 0), Ct)).Count(made => TaskRules.IsEnd(made.Stage)).ShouldBe(1);

        async Task<List<TaskStage>> StagesAsync()
        {
            var stages = new List<TaskStage>();
            foreach (var view in rooms.Append(direct))
            {
                stages.Add((await House.Database.ReadAsync(unit => unit.Tasks.LockAsync(view.Task.Id), Ct))!.Stage);
            }

            return stages;
        }
    }

    [Fact]
    public async Task A_task_ends_when_its_message_becomes_a_dead_letter_or_its_room_is_closed()
    {
        await new StartMeeting(House.Database, House.Board, new MeetingTemplates(null), House.Clock).RunAsync(House.Owner, new StartMeetingInput(["tesla", "aaron"], Name: "room"), Ct);
        var room = await Give.RunAsync(House.Owner, new SendTaskInput { Target = "meeting:room", Text = "@aaron well?", Key = "room" }, Ct);
        var (first, rejected, open) = (await GiveAsync("First"), await GiveAsync("Impossible"), await GiveAsync("Possible"));
        var ending = new EndTasks(House.Database, House.Wake, House.Clock);
        await ending.RunOnceAsync(Ct);
        await AnswerAsync("Which?", new { id = first.Task.Id, state = "input_required" });
        await Give.RunAsync(tesla, new SendTaskInput { Target = "aaron", Text = "That one", Key = "that", TaskId = first.Task.Id }, Ct);
        var reject = new RejectDelivery(House.Database, House.Wake, House.Clock);
        foreach (var item in (await House.InboxAsync(aaron)).Where(item => item.Message.Content is "Impossible" or "That one"))
        {
            await reject.RunAsync(aaron, item.Number, "I cannot", Ct);
        }

        await new ArchiveMeeting(House.Database, House.Board, new SpeakerStop([], []), House.Clock).RunAsync(House.Owner, "room", Ct);
        await ending.RunOnceAsync(Ct);
        (await ReadAsync(first)).Task.Stage.ShouldBe(TaskStage.Rejected, "a later word of its owner was rejected");
        (await ReadAsync(rejected)).Task.Stage.ShouldBe(TaskStage.Rejected);
        (await ReadAsync(open)).Task.Stage.ShouldBe(TaskStage.Submitted);
        (await House.Database.ReadAsync(unit => unit.Tasks.LockAsync(room.Task.Id), Ct))!.Stage.ShouldBe(TaskStage.Canceled);
        await ending.RunOnceAsync(Ct);
        (await ReadAsync(rejected)).Steps.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_task_that_was_read_and_not_finished_fails_when_its_agent_is_removed()
    {
        var (done, open) = (await GiveAsync("Done"), await GiveAsync("Half done"));
        await AnswerAsync("Yes", new { id = done.Task.Id, state = "completed" });
        await AnswerAsync("Which?", new { id = open.Task.Id, state = "input_required" });
        await new Acknowledge(House.Database, House.Clock).RunAsync(aaron, (await House.InboxAsync(aaron))[^1].Number, Ct);
        var ending = new EndTasks(House.Database, House.Wake, House.Clock);
        await ending.RunOnceAsync(Ct);
        (await StageAsync(open)).ShouldBe(TaskStage.InputRequired);

        await House.RemoveAgent.RunAsync(House.Owner, "aaron", Ct);
        (await ending.RunOnceAsync(Ct)).ShouldBeFalse();
        (await StageAsync(open)).ShouldBe(TaskStage.Failed);
        (await StageAsync(done)).ShouldBe(TaskStage.Completed);
        (await House.Database.ReadAsync(unit => unit.Tasks.OfRemovedAsync(1), Ct)).ShouldBeEmpty();

        async Task<TaskStage> StageAsync(TaskView view) => (await House.Database.ReadAsync(unit => unit.Tasks.LockAsync(view.Task.Id), Ct))!.Stage;
    }

    [Fact]
    public async Task Ended_tasks_go_with_the_retention_and_open_ones_stay()
    {
        var (done, open) = (await GiveAsync("Done"), await GiveAsync("Open"));
        await AnswerAsync("Yes", new { id = done.Task.Id, state = "completed" });
        House.Clock.Advance(TimeSpan.FromDays(30));
        (await House.Database.WriteAsync(unit => unit.Tasks.PruneAsync(House.Now.AddDays(-7), 100), Ct)).ShouldBe(1);
        (await Should.ThrowAsync<ParleyError>(() => ReadAsync(done))).Code.ShouldBe(ErrorCode.NotFound);
        (await ReadAsync(open)).Steps.Count.ShouldBe(1);
    }

    private Task<TaskView> GiveAsync(string text, string? key = null)
    {
        House.Clock.Advance(TimeSpan.FromSeconds(1));
        return Give.RunAsync(tesla, new SendTaskInput { Target = "aaron", Text = text, Key = key ?? text }, Ct);
    }

    private Task<TaskView> ReadAsync(TaskView given) => Read.RunAsync(tesla, "aaron", given.Task.Id, Ct);

    private Task<SendReceipt> AnswerAsync(string text, object note) =>
        Send.RunAsync(aaron, new SendInput { To = "tesla", Content = text, Metadata = JsonSerializer.SerializeToElement(new { task = note }) }, Ct);

    private static async Task<bool> TriedAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (ParleyError error) when (error.Code == ErrorCode.TaskEnded)
        {
            return false;
        }
    }
}

public sealed class SqliteTaskTests() : TaskConformance(new SqliteStore());

public sealed class PostgresTaskTests() : TaskConformance(new PostgresStore());
