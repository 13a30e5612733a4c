using System.CommandLine;
using Parley.Cli.Sessions;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley session list|show|log|stats</c>, and below it what commands a session.</summary>
internal static class SessionCommand
{
    private const int Newest = 20;
    private const int Most = 500;

    internal static readonly Argument<string> Session = new("session") { Description = "Its key, its label, or the last 6 or more letters of its key.", HelpName = "session", CompletionSources = { Suggestions.Sessions } };
    private static readonly Option<bool> All = new("--all") { Description = "The newest 500 instead of the newest 20." };
    private static readonly Option<bool> Active = new("--active") { Description = "Only those that have not ended." };
    private static readonly Option<string?> Agent = new("--agent") { Description = "Only those that this agent does or has spawned.", HelpName = "AGENT", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<bool> Tree = new("--tree") { Description = "Draw them below who spawned them." };
    private static readonly Option<bool> Follow = new("--follow") { Description = "Go on until the session has ended." };
    private static readonly Option<int?> Days = new("--days") { Description = "Of the sessions spawned in that many days (default 7).", HelpName = "DAYS" };

    public static Command Build() =>
        new ParleyCommand(
            "session", "Watch and command spawned sessions ('parley spawn' starts one).", "parley session list --active", "parley session log api --follow", "parley session steer api \"Use REST\"", "parley session kill api")
        {
            new ParleyCommand("list", "List the sessions, the newest first.", "parley session list", "parley session list --active --agent tesla", "parley session list --tree", "parley session list --all --json")
            {
                All, Active, Agent, Tree,
            }.Does(ListAsync),
            new ParleyCommand("show", "Show a session: its limits, what it used, its result, and what it has spawned.", "parley session show api", "parley session show 5e6f7a8b --json") { Session }.Does(ShowAsync),
            new ParleyCommand("log", "Print what was said in a session and every tool that it called.", "parley session log api", "parley session log api --follow", "parley session log api --follow --json") { Session, Follow }.Does(LogAsync),
            SessionControls.BuildSteer(), SessionControls.BuildKill(), SessionControls.BuildSend(),
            new ParleyCommand("stats", "Show how well spawning works: success, delivery, capacity, time and cost.", "parley session stats", "parley session stats --days 30 --json") { Days }.Does(StatsAsync),
        };

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Get(All) && invocation.Get(Active))
        {
            throw Refusal.Wrong("--all and --active do not go together.", "Write one of them: parley session list --active", "active");
        }

        var (screen, agent) = (invocation.Screen, invocation.Get(Agent)?.TrimStart('@').ToLowerInvariant());
        var most = invocation.Get(All) || invocation.Get(Active) ? Most : Newest;
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        agent = agent is null ? null : (await client.Agents.ReadAsync(agent, cancellation).ConfigureAwait(false)).Name;
        var sessions = (await client.Sessions.ListAsync(invocation.Get(Active), agent, Most, cancellation).ConfigureAwait(false)).Items;
        // In the name of an agent the server lists all that the agent may see.
        var meant = sessions.Where(session => agent is null || session.AgentId == agent || session.Parent == agent).ToList();
        var shown = meant.Take(most).ToList();
        if (screen.IsJson)
        {
            screen.Json(new ListOf<SessionView>(shown), Screen.Wire.ListOfSessionView);
            return;
        }

        if (invocation.Get(Tree) && shown.Count > 0)
        {
            foreach (var line in SessionTree.Lines(shown))
            {
                screen.Line(line);
            }
        }
        else
        {
            Table(screen, shown, sessions, invocation.Get(Active) ? "No session runs or waits." : "No session was spawned yet: parley spawn AGENT \"TASK\"");
        }

        if (meant.Count > shown.Count)
        {
            screen.Note($"The newest {most} of {meant.Count}{(meant.Count == Most ? " or more" : "")}; the others: parley session list --all");
        }
    }

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var name = await SessionNames.ResolveAsync(client, invocation.Get(Session)!, cancellation).ConfigureAwait(false);
        var details = await client.Sessions.ReadAsync(name, cancellation: cancellation).ConfigureAwait(false);
        var (screen, session) = (invocation.Screen, details.Session);
        if (screen.IsJson)
        {
            screen.Json(details, Screen.Wire.SessionDetailsView);
            return;
        }

        screen.Facts(
            ("session", session.SessionKey), ("label", session.Label), ("agent", session.AgentId), ("spawned by", session.Parent), ("task", session.Task), ("context", session.Context),
            ("status", SessionWords.Words(session.Status)), ("reason", session.Reason), ("model", session.Model),
            ("runtime", $"{session.Runtime ?? "not started"}, at most {Format.Duration(TimeSpan.FromSeconds(session.Timeout))}"),
            ("tokens", SessionWords.Tokens(session)), ("cost", SessionWords.Cost(session)), ("turns", Format.Number(session.Turns)), ("chain", session.Root.ToString()),
            ("result", session.Structured ? "follows a JSON Schema" : null), ("announce", session.Announce), ("outlives", session.Outlive ? "goes on when who spawned it is killed" : null),
            ("spawned", screen.Time(session.CreatedAt)), ("started", screen.Time(session.StartedAt)), ("ended", screen.Time(session.EndedAt)), ("log", details.Transcript));
        foreach (var warning in session.Warnings)
        {
            screen.Line($"warning: {SafeText.Line(warning)}");
        }

        if (details.Children.Count > 0)
        {
            screen.Line();
            Table(screen, details.Children, details.Children, "");
        }

        if (details.Result is { } result)
        {
            screen.Line();
            screen.Line(SafeText.Lines(result));
        }
    }

    private static async Task LogAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var name = await SessionNames.ResolveAsync(client, invocation.Get(Session)!, cancellation).ConfigureAwait(false);
        if (invocation.Get(Follow))
        {
            await foreach (var entry in client.Sessions.FollowAsync(name, cancellation).ConfigureAwait(false))
            {
                invocation.Screen.Print(entry);
            }

            return;
        }

        var log = await client.Sessions.LogAsync(name, cancellation: cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(log, Screen.Wire.SessionLogView);
            return;
        }

        foreach (var entry in log.Entries)
        {
            invocation.Screen.Print(entry);
        }

        invocation.Screen.Note($"{SessionWords.Words(log.Status)}.");
    }

    private static async Task StatsAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var stats = await client.Sessions.StatsAsync(invocation.Get(Days), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(stats, Screen.Wire.SessionStatsView);
            return;
        }

        invocation.Screen.Facts(SessionWords.Facts(stats));
    }

    private static void Table(Screen screen, IReadOnlyList<SessionView> sessions, IReadOnlyList<SessionView> among, string whenEmpty) => screen.Table(
        sessions, whenEmpty, ("SESSION", session => screen.IsTerminal ? SessionNames.Short(session.SessionKey, among) : session.SessionKey), ("AGENT", session => session.AgentId),
        ("LABEL", session => session.Label), ("STATUS", session => session.Status), ("RUNTIME", session => session.Runtime), ("MODEL", session => session.Model),
        ("TOKENS", session => Format.Number(session.Tokens)), ("COST", session => RootsCommand.Money(session.Cost)), ("BY", session => session.Parent));
}
