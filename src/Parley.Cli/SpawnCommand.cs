using System.CommandLine;
using System.Text.Json;
using Parley.Cli.Sessions;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley spawn AGENT [TASK|-]</c></summary>
internal static class SpawnCommand
{
    private static readonly Argument<string> Agent = new("agent") { Description = "The hosted agent that does the work.", HelpName = "agent", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Task = new("task") { Description = "All that it needs to know; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Model = new("--model") { Description = "provider/model; default that of sub-agents, else the agent's own.", HelpName = "MODEL" };
    private static readonly Option<TimeSpan?> Timeout = Durations.Option("--timeout", "The time that the session has once it runs (default 15m, at most 24h).", TimeSpan.FromSeconds(1));
    private static readonly Option<string?> Label = new("--label") { Description = "A short name for the session.", HelpName = "NAME" };
    private static readonly Option<string?> Context = new("--context") { Description = "isolated (default): it knows the task alone. fork: it has a copy of the conversation of the agent's turn that spawns it.", HelpName = "KIND" };
    private static readonly Option<string?> Schema = new("--schema") { Description = "A JSON Schema that the result has to follow: a file, or the JSON itself.", HelpName = "FILE|JSON" };
    private static readonly Option<Bound?> MaxTokens = Bound.Option("--max-tokens", "The tokens that it may use.", "N", whole: true);
    private static readonly Option<Bound?> MaxCost = Bound.Option("--max-cost", "The US dollars that it may use.", "DOLLARS", whole: false);
    private static readonly Option<bool> Outlive = new("--outlive") { Description = "It goes on when the session that spawned it is killed." };
    private static readonly Option<string?> Announce = new("--announce") { Description = "Post the result there too: channel:general.", HelpName = "PLACE", CompletionSources = { Suggestions.Announcements } };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait for the end and print the result. Exit code 0: completed, 1: failed, 5: killed or timed out." };
    private static readonly Option<string?> Key = new("--key") { Description = "Makes a repeated spawn find the first one, 1 to 128 characters." };

    static SpawnCommand() => Context.AcceptOnlyFromAmong("isolated", "fork");

    public static Command Build() =>
        new ParleyCommand(
            "spawn", "Give a task to an agent in a session of its own. Answers at once; the result comes to the inbox of the agent of --as.",
            "parley spawn tesla \"Design the API\"", "parley spawn tesla \"Design the API\" --as ghost --model local/qwen2.5-7b-instruct --timeout 15m --wait",
            "parley spawn tesla - --label api --max-cost 0.50 --json < task.md", "parley spawn tesla \"Rate the plan\" --schema rating.schema.json --announce channel:general --wait")
        {
            Agent, Task, Model, Timeout, Label, Context, Schema, MaxTokens, MaxCost, Outlive, Announce, Wait, Key,
        }.Does(SpawnAsync);

    private static async Task<int> SpawnAsync(Invocation invocation, CancellationToken cancellation)
    {
        var schema = invocation.Get(Schema) is { } given ? await SchemaAsync(given, cancellation).ConfigureAwait(false) : (JsonElement?)null;
        var request = new SpawnRequest(
            invocation.Get(Agent)!.TrimStart('@').ToLowerInvariant(), await TextInput.ReadAsync(invocation.Get(Task), cancellation).ConfigureAwait(false), invocation.Get(Model), invocation.Get(Label),
            invocation.Get(Timeout)?.TotalSeconds, invocation.Get(Context), schema, (long?)invocation.Get(MaxTokens)?.Most, invocation.Get(MaxCost)?.Most, invocation.Get(Outlive) ? true : null,
            invocation.Get(Announce), invocation.Get(Key));
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var spawned = await client.Sessions.SpawnAsync(request, cancellation).ConfigureAwait(false);
        var name = spawned.Label is { } label && !label.Any(char.IsWhiteSpace) ? label : SessionNames.Short(spawned.SessionKey, []);
        var asAgent = invocation.Agent is { } agent ? $" --as {agent}" : "";
        if (invocation.Get(Wait))
        {
            return await new SessionWait(invocation.Screen, client, name, asAgent).RunAsync(spawned.SessionKey, cancellation).ConfigureAwait(false);
        }

        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(spawned, Screen.Wire.SpawnResponse);
            return ExitCode.Ok;
        }

        invocation.Screen.Line($"{spawned.SessionKey}: {Describe(spawned)}");
        foreach (var warning in spawned.Warnings)
        {
            invocation.Screen.Note($"warning: {SafeText.Line(warning)}");
        }

        invocation.Screen.Note($"  parley session log {name} --follow{asAgent}\n  parley session show {name}{asAgent}\n  parley session kill {name}{asAgent}");
        return ExitCode.Ok;
    }

    private static string Describe(SpawnResponse spawned)
    {
        var what = spawned switch
        {
            { Duplicate: true } => $"there already, {SessionWords.Words(spawned.State)}",
            { State: "held" } => "held until a person approves it: parley hold list",
            { State: "queued" } => "accepted, queued until there is room",
            _ => $"{spawned.Status}, {SessionWords.Words(spawned.State)}",
        };
        return $"{CommandName.In(what)}, on {spawned.Model}";
    }

    private static async Task<JsonElement> SchemaAsync(string given, CancellationToken cancellation)
    {
        const string Fix = "Name a file with a JSON Schema, or write one: --schema '{\"type\":\"object\",\"required\":[\"score\"]}'.";
        var inline = given.TrimStart().StartsWith('{');
        if (!inline && !File.Exists(given))
        {
            throw Refusal.Wrong($"There is no file '{given}'.", Fix, "schema");
        }

        try
        {
            using var document = JsonDocument.Parse(inline ? given : await File.ReadAllTextAsync(given, cancellation).ConfigureAwait(false));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Refusal.Wrong("--schema is not a JSON object.", Fix, "schema");
        }
        catch (JsonException fault)
        {
            throw Refusal.Wrong($"--schema is not JSON: {fault.Message}", Fix, "schema");
        }
    }
}
