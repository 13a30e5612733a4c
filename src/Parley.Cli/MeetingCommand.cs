using System.CommandLine;
using Parley.Cli.Meetings;
using Parley.Cli.Serve;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley meeting</c>: the room on a terminal, and what a script needs of it</summary>
internal static class MeetingCommand
{
    private static readonly Argument<string[]> Agents = new("agents") { Description = "Who takes part.", HelpName = "agent", Arity = ArgumentArity.ZeroOrMore, CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string> Meeting = new("meeting") { Description = "The meeting by its name or id." };
    private static readonly Option<string?> Topic = new("--topic") { Description = "What it is about.", HelpName = "TEXT" };
    private static readonly Option<string?> Name = new("--name") { Description = "What it is called; default meeting-1, meeting-2, …", HelpName = "NAME" };
    private static readonly Option<int?> ChainLength = new("--chain-length") { Description = "How deep agents may make each other speak; 0 switches it off (default 4).", HelpName = "N" };
    private static readonly Option<string?> Template = new("--template") { Description = "Begin with a form of a meeting: 'parley meeting templates'.", HelpName = "NAME" };
    private static readonly Option<string?> Strategy = new("--strategy") { Description = "When chains end: depth, budget, no_new_content, consensus or moderator.", HelpName = "NAME" };
    private static readonly Option<string?> Moderator = new("--moderator") { Description = "The agent that decides who speaks next.", HelpName = "AGENT" };
    private static readonly Option<bool> Archived = new("--archived") { Description = "The archived ones." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many messages, 1 to 500.", HelpName = "N" };
    private static readonly Option<string?> In = new("--in") { Description = "A meeting that there is; default a new one with the agents named.", HelpName = "MEETING" };
    private static readonly Option<string> Message = new("--message") { Description = "What to say; '-' reads standard input.", HelpName = "TEXT", Required = true };
    private static readonly Option<string> Until = new("--until") { Description = "When to end: done (nobody speaks any more), first (the first answer) or posted.", HelpName = "WHEN", DefaultValueFactory = _ => "done" };
    private static readonly Option<TimeSpan?> Timeout = Durations.Option("--timeout", "End with exit code 5 after so long (default 10m).", TimeSpan.FromSeconds(1));

    public static Command Build() =>
        new ParleyCommand(
            "meeting", "Talk with several agents in one room. Starts a server of its own where none runs.",
            "parley meeting ceo cto cfo", "parley meeting ceo cto --topic \"Launch\" --chain-length 6", "parley meeting --template standup ceo cto cfo",
            "parley meeting run ceo cto cfo --message \"Should we launch next month?\" --until done")
        {
            Agents, Topic, Name, ChainLength, Template, Strategy, Moderator,
            new ParleyCommand("list", "List the meetings.", "parley meeting list", "parley meeting list --archived") { Archived }.Does(ListAsync),
            new ParleyCommand("show", "Show a meeting and its last messages; with --json as one object with 'messages'.", "parley meeting show meeting-1", "parley meeting show meeting-1 --limit 100 --json | jq -r '.messages[].content'") { Meeting, Limit }.Does(ShowAsync),
            new ParleyCommand("resume", "Enter a meeting again; an archived one is opened first.", "parley meeting resume meeting-1") { Meeting }.Does(ResumeAsync),
            new ParleyCommand("archive", "Close a meeting; its transcript stays.", "parley meeting archive meeting-1") { Meeting }.Does(ArchiveAsync),
            new ParleyCommand("stats", "Figures of a meeting's chains.", "parley meeting stats meeting-1") { Meeting }.Does(StatsAsync),
            new ParleyCommand("templates", "List the forms of meetings.", "parley meeting templates").Does(TemplatesAsync),
            new ParleyCommand(
                "run", "Say one thing in a meeting and print what is said until it ends, for scripts.",
                "parley meeting run ceo cto --message \"Ready?\"", "parley meeting run --in meeting-1 --message - --json < question.txt", "parley meeting run ceo cto --message \"Ready?\" --until first --timeout 1m")
            {
                Agents, In, Message, Until, Timeout, Topic, Name, ChainLength, Template, Strategy, Moderator,
            }.Does(RunAsync),
        }.Does(EnterAsync);

    private static async Task<int> EnterAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Get(Agents) is not { Length: > 0 })
        {
            throw Refusal.Wrong("Say who takes part.", "Name the agents: parley meeting ceo cto cfo ('parley agent list' shows them), or enter a meeting again: parley meeting resume NAME.", "agents");
        }

        NeedsTerminal(invocation);
        await using var server = await EmbeddedServer.EnsureAsync(invocation, cancellation).ConfigureAwait(false);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var meeting = await StartAsync(invocation, client, cancellation).ConfigureAwait(false);
        return await EnterAsync(invocation, client, meeting, after: 0, meeting.Opening, cancellation).ConfigureAwait(false);
    }

    private static async Task<int> ResumeAsync(Invocation invocation, CancellationToken cancellation)
    {
        NeedsTerminal(invocation);
        await using var server = await EmbeddedServer.EnsureAsync(invocation, cancellation).ConfigureAwait(false);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var meeting = await client.Meetings.ResumeAsync(invocation.Get(Meeting)!, cancellation).ConfigureAwait(false);
        return await EnterAsync(invocation, client, meeting, Math.Max(0, meeting.Head - 20), opening: null, cancellation).ConfigureAwait(false);
    }

    private static async Task<int> EnterAsync(Invocation invocation, ParleyClient client, MeetingView meeting, long after, string? opening, CancellationToken cancellation)
    {
        var screen = invocation.Screen;
        await Room.RunAsync(client, meeting, after, opening, new RoomHistoryFile(invocation.Folder), cancellation).ConfigureAwait(false);
        screen.Line();
        screen.Say($"The meeting stays: parley meeting resume {meeting.Name}");
        return ExitCode.Ok;
    }

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var until = Run.Ending(invocation.Get(Until)!);
        var text = await TextInput.ReadAsync(invocation.Get(Message), cancellation).ConfigureAwait(false);
        await using var server = await EmbeddedServer.EnsureAsync(invocation, cancellation).ConfigureAwait(false);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var meeting = invocation.Get(In) is { } named
            ? await client.Meetings.FindAsync(named, cancellation).ConfigureAwait(false)
            : await StartAsync(invocation, client, cancellation).ConfigureAwait(false);
        return await Run.RunAsync(invocation.Screen, client, meeting, text, until, invocation.Get(Timeout) ?? TimeSpan.FromMinutes(10), cancellation).ConfigureAwait(false);
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var meetings = await client.Meetings.ListAsync(invocation.Get(Archived), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(meetings, Screen.Wire.ListOfMeetingView);
            return;
        }

        invocation.Screen.Table(
            meetings.Items, "There are no meetings: 'parley meeting ceo cto cfo' starts one.",
            ("NAME", meeting => meeting.Name), ("PARTICIPANTS", meeting => string.Join(", ", meeting.Participants.Select(participant => participant.Name))),
            ("MESSAGES", meeting => Format.Number(meeting.Head)), ("CHAIN", meeting => Format.Number(meeting.ChainLength)), ("STARTED", meeting => Format.Local(meeting.CreatedAt)), ("TOPIC", meeting => meeting.Topic));
    }

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var meeting = await client.Meetings.FindAsync(invocation.Get(Meeting)!, cancellation).ConfigureAwait(false);
        var page = await client.Meetings.HistoryAsync(meeting.Id.ToString(), limit: invocation.Get(Limit) ?? 20, cancellation: cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            var whole = Screen.Object(meeting, Screen.Wire.MeetingView);
            whole.Add("messages", Screen.Object(page, Screen.Wire.MeetingHistoryPage)["items"]!.DeepClone());
            invocation.Screen.Json(whole);
            return;
        }

        invocation.Screen.Line(RoomPages.Settings(meeting));
        invocation.Screen.Line();
        foreach (var line in ChainTree.Lines(page.Items, int.MaxValue))
        {
            invocation.Screen.Line(line);
        }
    }

    private static async Task ArchiveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var meeting = await client.Meetings.ArchiveAsync(invocation.Get(Meeting)!, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Archived {meeting.Name}; 'parley meeting resume {meeting.Name}' opens it again.", ("archived", meeting.Name));
    }

    private static async Task StatsAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var stats = await client.Meetings.StatsAsync(invocation.Get(Meeting)!, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(stats, Screen.Wire.MeetingStatsView);
            return;
        }

        invocation.Screen.Line(RoomPages.Stats(stats));
    }

    private static async Task TemplatesAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var templates = await client.Meetings.ListTemplatesAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(templates, Screen.Wire.ListOfMeetingTemplateView);
            return;
        }

        invocation.Screen.Table(
            templates.Items, "There are no templates.",
            ("NAME", template => template.Name), ("CHAIN", template => template.ChainLength?.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("STRATEGY", template => template.Strategy),
            ("ROLES", template => string.Join(", ", template.Roles.Select(role => role.Name))), ("USE", template => template.Fault ?? template.Description));
    }

    private static Task<MeetingView> StartAsync(Invocation invocation, ParleyClient client, CancellationToken cancellation) => client.Meetings.StartAsync(
        new StartMeetingRequest(
            [.. (invocation.Get(Agents) ?? []).Select(agent => agent.TrimStart('@').ToLowerInvariant())], invocation.Get(Topic), invocation.Get(Name), invocation.Get(ChainLength),
            invocation.Get(Template), Strategy: invocation.Get(Strategy) ?? (invocation.Get(Moderator) is null ? null : "moderator"), Moderator: invocation.Get(Moderator)),
        cancellation);

    private static void NeedsTerminal(Invocation invocation)
    {
        if (invocation.Screen.IsJson || !invocation.Screen.IsTerminal || Console.IsInputRedirected)
        {
            throw Refusal.Wrong("The room needs a terminal.", "In a script use: parley meeting run ceo cto --message \"…\" --until done");
        }
    }
}
