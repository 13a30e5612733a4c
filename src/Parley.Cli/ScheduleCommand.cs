using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley schedule add|list|show|edit|run|pause|resume|remove|history</c></summary>
internal static class ScheduleCommand
{
    private static readonly Argument<string> Schedule = new("schedule") { Description = "The schedule by its name or id.", HelpName = "schedule", CompletionSources = { Suggestions.Schedules } };
    private static readonly Option<string?> Name = new("--name") { Description = "What it is called; default schedule-1, schedule-2, …", HelpName = "NAME" };
    private static readonly Option<string?> Cron = new("--cron")
    {
        Description = "When it fires, as in unix cron (minute, hour, day of month, month, day of week; six fields begin with the second): \"0 9 * * 1-5\" 09:00 from Monday to Friday, "
            + "\"*/15 * * * *\" every quarter of an hour, \"0 8 1 * *\" 08:00 on the first of the month, \"30 17 * * FRI\" Fridays 17:30, \"@daily\" midnight.",
        HelpName = "EXPRESSION",
    };

    private static readonly Option<TimeSpan?> Every = Durations.Option("--every", "Fire again after so long, counted from now: 15m, 6h, 1d.", TimeSpan.FromSeconds(1));
    private static readonly Option<string?> At = new("--at") { Description = "Fire once: \"2030-12-01 09:00\" on the wall of --tz, or with an offset \"2030-12-01T09:00:00Z\".", HelpName = "TIME" };
    private static readonly Option<string?> Zone = new("--tz") { Description = "The time zone of --cron and --at; default this machine's.", HelpName = "ZONE", CompletionSources = { Suggestions.Zones } };
    private static readonly Option<string> Agent = new("--agent") { Description = "Who does the work; Parley has to run it.", HelpName = "AGENT", Required = true, CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> OtherAgent = new("--agent") { Description = "Who does the work; Parley has to run it.", HelpName = "AGENT", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string> Task = new("--task") { Description = "What it is to do; '-' reads standard input.", HelpName = "TEXT", Required = true };
    private static readonly Option<string?> OtherTask = new("--task") { Description = "What it is to do; '-' reads standard input.", HelpName = "TEXT" };
    private static readonly Option<string?> Session = new("--session") { Description = "isolated: a session of its own for each firing; main: a message to the agent's main session (default isolated).", HelpName = "WHERE" };
    private static readonly Option<string?> Model = new("--model") { Description = "The model of an isolated session; \"\" for its default.", HelpName = "MODEL" };
    private static readonly Option<TimeSpan?> Timeout = Durations.Option("--timeout", "How long an isolated session may take; 0 for its default.", TimeSpan.FromSeconds(1));
    private static readonly Option<string?> Announce = new("--announce") { Description = "Where the result of an isolated session is posted; \"\" for nowhere.", HelpName = "channel:NAME", CompletionSources = { Suggestions.Announcements } };
    private static readonly Option<string?> Missed = new("--missed")
    {
        Description = "Firings missed while no server ran. one: fire once on return (default); skip: none, unless less than a minute late; all: the last 100. Those of a pause are skipped.", HelpName = "POLICY",
    };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Remove without asking." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many entries, 1 to 500 (default 50).", HelpName = "N" };
    private static readonly Option<long?> Before = new("--before") { Description = "Only entries before that number.", HelpName = "NUMBER" };

    static ScheduleCommand()
    {
        Session.CompletionSources.Add("isolated", "main");
        Missed.CompletionSources.Add("one", "skip", "all");
        Cron.CompletionSources.Add("@hourly", "@daily", "@weekly", "@monthly", "@yearly");
    }

    public static Command Build() =>
        new ParleyCommand(
            "schedule", "Give agents work at certain times.",
            "parley schedule add --cron \"0 9 * * 1-5\" --tz Europe/Berlin --agent tesla --task \"Summarize what changed.\" --announce channel:general", "parley schedule list")
        {
            new ParleyCommand(
                "add", "Make a schedule; it fires in your name.",
                "parley schedule add --cron \"0 9 * * 1-5\" --tz Europe/Berlin --agent tesla --task \"Summarize what changed.\" --announce channel:general",
                "parley schedule add --name check --every 15m --agent tesla --task \"Is the site up?\" --session main", "parley schedule add --at \"2030-12-01 09:00\" --agent tesla --task - < task.txt")
            {
                Name, Cron, Every, At, Zone, Agent, Task, Session, Model, Timeout, Announce, Missed,
            }.Does(AddAsync),
            new ParleyCommand("list", "List the schedules.", "parley schedule list", "parley schedule list --json").Does(ListAsync),
            new ParleyCommand("show", "Show a schedule and when it fires next.", "parley schedule show morning") { Schedule }.Does(ShowAsync),
            new ParleyCommand("edit", "Change a schedule; a new timing counts from now.", "parley schedule edit morning --cron \"30 8 * * 1-5\"", "parley schedule edit morning --missed skip --announce \"\"")
            {
                Schedule, Cron, Every, At, Zone, OtherAgent, OtherTask, Session, Model, Timeout, Announce, Missed,
            }.Does(EditAsync),
            new ParleyCommand("run", "Start its work now, also in a pause; the next time stays.", "parley schedule run morning") { Schedule }.Does(RunAsync),
            new ParleyCommand("pause", "Let nothing fire; what is due meanwhile is skipped.", "parley schedule pause morning") { Schedule }.Does(PauseAsync),
            new ParleyCommand("resume", "End a pause.", "parley schedule resume morning") { Schedule }.Does(ResumeAsync),
            new ParleyCommand("remove", "Remove a schedule and its history; what it started goes on.", "parley schedule remove morning --yes") { Schedule, Yes }.Does(RemoveAsync),
            new ParleyCommand("history", "Show what became of the due times, newest first; the newest thousand are kept.", "parley schedule history morning", "parley schedule history morning --limit 10 --json")
            {
                Schedule, Limit, Before,
            }.Does(HistoryAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var task = await TextInput.ReadAsync(invocation.Get(Task), cancellation).ConfigureAwait(false);
        var request = new AddScheduleRequest(
            invocation.Get(Agent), task, invocation.Get(Name), invocation.Get(Cron), invocation.Get(Every)?.TotalSeconds, invocation.Get(At), invocation.Get(Zone) ?? MachineZone(),
            invocation.Get(Session), invocation.Get(Model), invocation.Get(Timeout)?.TotalSeconds, invocation.Get(Announce), invocation.Get(Missed));
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var schedule = await client.Schedules.AddAsync(request, cancellation).ConfigureAwait(false);
        ScheduleText.Tell(invocation.Screen, schedule, $"Added the schedule {schedule.Name} for {schedule.Agent}. It fires next:");
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        ScheduleText.List(invocation.Screen, await client.Schedules.ListAsync(cancellation).ConfigureAwait(false));
    }

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        ScheduleText.Show(invocation.Screen, await client.Schedules.FindAsync(invocation.Get(Schedule)!, cancellation).ConfigureAwait(false));
    }

    private static async Task EditAsync(Invocation invocation, CancellationToken cancellation)
    {
        var task = invocation.Get(OtherTask) is { } given ? await TextInput.ReadAsync(given, cancellation).ConfigureAwait(false) : null;
        var change = new EditScheduleRequest(
            invocation.Get(OtherAgent), task, invocation.Get(Cron), invocation.Get(Every)?.TotalSeconds, invocation.Get(At), invocation.Get(Zone), invocation.Get(Session), invocation.Get(Model),
            invocation.Get(Timeout)?.TotalSeconds, invocation.Get(Announce), invocation.Get(Missed));
        if (change == new EditScheduleRequest())
        {
            throw Refusal.Wrong("There is nothing to change.", "Give --cron, --every, --at, --tz, --agent, --task, --session, --model, --timeout, --announce or --missed.");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var schedule = await client.Schedules.EditAsync(invocation.Get(Schedule)!, change, cancellation).ConfigureAwait(false);
        ScheduleText.Tell(invocation.Screen, schedule, $"Changed the schedule {schedule.Name}. It fires next:");
    }

    private static async Task RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var firing = await client.Schedules.RunAsync(invocation.Get(Schedule)!, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(firing, Screen.Wire.FiringView);
            return;
        }

        invocation.Screen.Line($"Started in {SafeText.Line(firing.SessionKey)}{(firing.MessageId is { } message ? $", message {message}" : "")}.");
    }

    private static async Task PauseAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var schedule = await client.Schedules.PauseAsync(invocation.Get(Schedule)!, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Paused {schedule.Name}; go on with: parley schedule resume {schedule.Name}", ("paused", schedule.Name));
    }

    private static async Task ResumeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var schedule = await client.Schedules.ResumeAsync(invocation.Get(Schedule)!, cancellation).ConfigureAwait(false);
        ScheduleText.Tell(invocation.Screen, schedule, $"Resumed {schedule.Name}. It fires next:");
    }

    private static async Task RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var schedule = await client.Schedules.FindAsync(invocation.Get(Schedule)!, cancellation).ConfigureAwait(false);
        if (!invocation.Get(Yes) && !Confirmed(invocation.Screen, schedule.Name))
        {
            throw Refusal.Wrong("Removing a schedule deletes its history too.", $"Repeat it with --yes: parley schedule remove {schedule.Name} --yes, or let it rest: parley schedule pause {schedule.Name}", "yes");
        }

        await client.Schedules.RemoveAsync(schedule.Name, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Removed the schedule {schedule.Name}.", ("removed", schedule.Name));
    }

    private static async Task HistoryAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var page = await client.Schedules.HistoryAsync(invocation.Get(Schedule)!, invocation.Get(Before), invocation.Get(Limit), cancellation).ConfigureAwait(false);
        ScheduleText.History(invocation.Screen, page);
    }

    private static bool Confirmed(Screen screen, string name)
    {
        if (!screen.IsTerminal || screen.IsJson || Console.IsInputRedirected)
        {
            return false;
        }

        screen.Line($"This removes the schedule {name} and its history. Type 'yes' to go on:");
        return Console.ReadLine() == "yes";
    }

    /// <summary>A machine may not know the name of its zone.</summary>
    private static string MachineZone() => TimeZoneInfo.Local is { HasIanaId: true, Id: not "Local" } zone ? zone.Id : "UTC";
}
