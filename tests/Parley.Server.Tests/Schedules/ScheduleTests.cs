using System.Net;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Schedules;

/// <summary>Schedules through HTTP and the client, with the server's own loop.</summary>
public sealed class ScheduleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schedule_is_made_shown_changed_paused_resumed_and_removed()
    {
        await using var server = await TestServer.StartAsync();
        await server.HostedAsync("tesla");
        using var owner = new ParleyClient(server.Address, server.OwnerSecret);
        var made = await owner.Schedules.AddAsync(new AddScheduleRequest("@tesla", "Look.", "Morning", "0  9 * * 1-5", TimeZone: "Europe/Berlin", Session: "main", Missed: "skip"), Ct);
        (made.Name, made.State, made.Agent, made.Cron, made.Session, made.Missed, made.CreatedBy).ShouldBe(("morning", "active", "tesla", "0 9 * * 1-5", "main", "skip", "owner"));
        made.Upcoming.Count.ShouldBe(3);
        made.Upcoming.ShouldAllBe(due => due.Local == due.Utc && due.Local.TimeOfDay == TimeSpan.FromHours(9) && due.Utc.Offset == TimeSpan.Zero && due.Local.DayOfWeek != DayOfWeek.Sunday);
        (await owner.Schedules.ListAsync(Ct)).Items.ShouldHaveSingleItem().Id.ShouldBe(made.Id);

        var edited = await owner.Schedules.EditAsync("morning", new EditScheduleRequest(EverySeconds: 5_400, Task: "Look again."), Ct);
        (edited.Cron, edited.EverySeconds, edited.Task, edited.Id).ShouldBe((null, 5_400, "Look again.", made.Id));
        var paused = await owner.Schedules.PauseAsync("morning", Ct);
        (paused.State, paused.Upcoming.Count).ShouldBe(("paused", 0));
        (await owner.Schedules.ResumeAsync("morning", Ct)).State.ShouldBe("active");
        var run = await owner.Schedules.RunAsync("morning", Ct);
        (run.Outcome, run.Manual, run.SessionKey).ShouldBe(("started", true, "agent:tesla:main"));
        var history = await owner.Schedules.HistoryAsync("morning", limit: 1, cancellation: Ct);
        history.Items.ShouldBe([run]);
        (await owner.Schedules.HistoryAsync("morning", history.Next, cancellation: Ct)).Items.ShouldBeEmpty();
        await owner.Schedules.RemoveAsync(made.Id.ToString(), Ct);
        (await owner.Schedules.ListAsync(Ct)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_loop_fires_what_is_due_and_says_which_schedule_it_was()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.HostedAsync("tesla");
        using var owner = new ParleyClient(server.Address, server.OwnerSecret);
        using var agent = new ParleyClient(server.Address, tesla.Secret);
        var made = await owner.Schedules.AddAsync(new AddScheduleRequest("tesla", "Look.", EverySeconds: 1, Session: "main"), Ct);
        var seen = new List<MessageView>();
        await foreach (var message in agent.Inbox.FollowAsync(cancellation: Ct))
        {
            seen.Add(message);
            if (seen.Count == 3)
            {
                break;
            }
        }

        seen.ShouldAllBe(message => message.Content == "Look." && message.From == "owner" && message.FromKind == "user" && message.Depth == 0 && message.RootId == message.Id);
        var marks = seen.Select(message => message.Metadata!.Value.GetProperty("parley.schedule")).ToList();
        marks.ShouldAllBe(mark => mark.GetProperty("id").GetGuid() == made.Id && mark.GetProperty("name").GetString() == "schedule-1");
        marks.Select(mark => mark.GetProperty("due").GetDateTimeOffset()).ShouldBeUnique();
    }

    [Theory]
    [InlineData("""{"agent":"tesla","task":"Look","cron":"0 25 * * *","session":"main"}""", HttpStatusCode.BadRequest, "invalid_request", "cron")]
    [InlineData("""{"agent":"tesla","task":"Look","session":"main"}""", HttpStatusCode.BadRequest, "invalid_request", "cron")]
    [InlineData("""{"agent":"tesla","task":"Look","every_seconds":-1,"session":"main"}""", HttpStatusCode.BadRequest, "invalid_request", "every_seconds")]
    [InlineData("""{"agent":"tesla","task":"Look","every_seconds":0.5,"session":"main"}""", HttpStatusCode.BadRequest, "invalid_request", "every")]
    [InlineData("""{"agent":"tesla","task":"Look","at":"2020-01-01 09:00","session":"main"}""", HttpStatusCode.BadRequest, "invalid_request", "at")]
    [InlineData("""{"agent":"tesla","task":"Look","cron":"@daily","time_zone":"Mars/Olympus","session":"main"}""", HttpStatusCode.BadRequest, "invalid_request", "time_zone")]
    [InlineData("""{"agent":"tesla","task":"Look","cron":"@daily","when":"now"}""", HttpStatusCode.BadRequest, "invalid_request", null)]
    [InlineData("""{"agent":"outside","task":"Look","cron":"@daily","session":"main"}""", HttpStatusCode.Conflict, "conflict", null)]
    [InlineData("""{"agent":"nobody","task":"Look","cron":"@daily","session":"main"}""", HttpStatusCode.NotFound, "not_found", null)]
    public async Task A_wrong_schedule_is_refused_by_its_field(string body, HttpStatusCode status, string code, string? field)
    {
        await using var server = await TestServer.StartAsync();
        await server.HostedAsync("tesla");
        await server.AgentAsync("outside");
        using var answer = await server.Owner.PostTextAsync("/api/v1/schedules", body);
        var problem = answer.ShouldBe(status, code);
        if (field is not null)
        {
            problem.GetProperty("field").GetString().ShouldBe(field);
        }
    }
}
