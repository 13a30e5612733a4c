using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Parley.Core.Sessions;
using Parley.Core.Turns;

namespace Parley.Runtimes.Demo;

/// <summary>
/// <c>demo/ghost</c>: gives work to others in sessions of their own and puts their results together. What it knows stands in the prompt: the question that it
/// answers, the results at hand, and in the task that it has written last how far the work came.
/// </summary>
internal static partial class DemoGhost
{
    private const string SoFar = "So far: ";

    private const string Help =
        """
        I give work to others and put their results together. Ask me:
        What should we build next?
        chain: tesla aaron — TASK
        fan out: tesla aaron barnum — TASK
        fan in: tesla aaron -> buffett — TASK
        """;

    private static readonly string[] s_counts = ["None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

    public static DemoReply Answer(DemoPrompt prompt, RuntimeRequest request)
    {
        if (prompt.ToolResult is not null)
        {
            return new DemoReply(Started(request));
        }

        var results = prompt.Asked.Select(DemoResult.Read).OfType<DemoResult>().ToList();
        if (results.Count == 0)
        {
            return PlanOf(prompt.Asked, request) is { } asked ? Spawn(prompt, asked, stage: 0, [], []) : new DemoReply(Help);
        }

        if (PlanOf([.. prompt.Past, .. prompt.Asked], request) is not { } plan)
        {
            return new DemoReply(string.Join("\n\n", results.Select(Section)));
        }

        var (stage, before) = HowFar(plan, request);
        results = [.. results.OrderBy(result => plan.Stages[stage].TakeWhile(agent => agent != result.Agent).Count())];
        var done = before.Concat(results).ToList();
        return stage + 1 < plan.Stages.Count && results.Exists(result => result.IsDone)
            ? Spawn(prompt, plan, stage + 1, done, results)
            : new DemoReply(Report(plan, stage, results, done) + (prompt.Signed ? $"\n{DemoReply.Signature}" : ""));
    }

    /// <summary>The plan of the message that is answered; where the prompt names none, of the newest that has one.</summary>
    private static DemoPlan? PlanOf(IReadOnlyList<DemoBlock> blocks, RuntimeRequest request)
    {
        var said = blocks.Where(block => DemoResult.Read(block) is null).Reverse().ToList();
        var number = Answered().Match(request.Instructions) is { Success: true } match ? match.Groups[1].Value : null;
        var named = said.Find(block => number is not null && block.In != "session" && block.Head.GetValueOrDefault("number") == number);
        return named is not null ? DemoPlan.Read(named.Text) : said.Select(block => DemoPlan.Read(block.Text)).FirstOrDefault(plan => plan is not null);
    }

    /// <summary>The stage whose results are at hand, and what those before it took.</summary>
    private static (int Stage, IEnumerable<DemoResult> Before) HowFar(DemoPlan plan, RuntimeRequest request)
    {
        var own = request.Messages.Where(message => message.Role == PromptRole.Assistant).SelectMany(message => message.ToolCalls.Select(TaskOf).Append(message.Text)).ToList();
        var steps = own.Select(text => Step().Match(text)).Concat(own.Select(text => AtWork().Match(text))).Where(step => step.Success).ToList();
        return plan.Stages.Count > 1 && (steps.FindLast(step => step.Index == 0) ?? steps.LastOrDefault()) is { } last
            ? (Math.Clamp(int.Parse(last.Groups["step"].Value, CultureInfo.InvariantCulture), 1, plan.Stages.Count) - 1, DemoResult.Listed(last.Groups["before"].Value))
            : (0, []);
    }

    private static DemoReply Spawn(DemoPrompt prompt, DemoPlan plan, int stage, IReadOnlyList<DemoResult> done, IReadOnlyList<DemoResult> results) => prompt.Tools.Any(tool => tool.Name == SessionTools.SpawnName)
        ? new DemoReply("", [.. plan.Stages[stage].Select((agent, i) => new ToolCall($"demo_call_{i + 1}", SessionTools.SpawnName, JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["agentId"] = agent, ["task"] = TaskFor(plan, stage, agent, done, results),
        })))])
        : new DemoReply($"I have no tool '{SessionTools.SpawnName}'.");

    /// <summary>All that the agent gets to know.</summary>
    private static string TaskFor(DemoPlan plan, int stage, string agent, IReadOnlyList<DemoResult> done, IReadOnlyList<DemoResult> results)
    {
        if (plan.Title == DemoPlan.Standup)
        {
            return $"Pitch what we should build next from your {DemoPlan.RoleOf(agent) ?? agent} perspective";
        }

        var task = new StringBuilder();
        if (plan.Stages.Count > 1)
        {
            task.Append(CultureInfo.InvariantCulture, $"Step {stage + 1} of {plan.Stages.Count}: ");
        }

        task.Append(plan.Task);
        if (done.Count > 0)
        {
            task.Append("\n\n").Append(SoFar).Append(DemoResult.List(done));
        }

        foreach (var result in results.Where(result => result.IsDone))
        {
            task.Append(CultureInfo.InvariantCulture, $"\n\nThe result of {result.Agent}:\n{result.Text}");
        }

        return task.ToString();
    }

    private static string TaskOf(ToolCall call) => Field(call.Arguments, "task") ?? "";

    /// <summary>What became of the spawns of this turn.</summary>
    private static string Started(RuntimeRequest request)
    {
        var calls = request.Messages.Last(message => message.ToolCalls.Count > 0).ToolCalls;
        var answers = request.Messages.Where(message => message.Role == PromptRole.Tool).Reverse().DistinctBy(message => message.ToolCallId).ToDictionary(message => message.ToolCallId ?? "", message => message.Text);
        var all = calls.Select(call => (Agent: Field(call.Arguments, "agentId") ?? "", Answer: answers.GetValueOrDefault(call.Id, ""))).ToList();
        var started = all.FindAll(spawn => Field(spawn.Answer, "sessionKey") is not null).ConvertAll(spawn => DemoPlan.RoleOf(spawn.Agent) is { } role ? $"{spawn.Agent} ({role})" : spawn.Agent);
        var refused = all.FindAll(spawn => Field(spawn.Answer, "sessionKey") is null).ConvertAll(spawn => $"\n{spawn.Agent} was not started: {spawn.Answer}");
        var match = Step().Match(TaskOf(calls[0]));
        var step = match.Success ? $", on step {match.Groups["step"].Value} of {match.Groups["steps"].Value}" : "";
        var before = match.Groups["before"] is { Success: true } list ? $" {SoFar}{list.Value}." : "";
        return started.Count == 0
            ? $"Nobody is at work.{string.Concat(refused)}"
            : $"{s_counts[Math.Min(started.Count, s_counts.Length - 1)]} {(started.Count == 1 ? "is" : "are")} at work: {string.Join(", ", started)}{step}.{before} I report when the results are there.{string.Concat(refused)}";
    }

    private static string Report(DemoPlan plan, int stage, List<DemoResult> results, List<DemoResult> done)
    {
        var order = plan.Stages[stage];
        var missing = order.Where(agent => !results.Exists(result => result.Agent == agent)).Select(agent => $"## {Named(agent)}\nno result");
        var sections = results.Select(Section).Concat(missing);
        var early = stage + 1 < plan.Stages.Count ? $"It ended in step {stage + 1} of {plan.Stages.Count}: nothing can be handed on.\n\n" : "";
        var list = plan.Stages.Count > 1 ? $"In order: {DemoResult.List(done)}\n" : "";
        return $"# {plan.Title}: {plan.Task}\n\n{early}{string.Join("\n\n", sections)}\n\n{list}{DemoResult.Total(done)}";
    }

    private static string Section(DemoResult result) => $"## {Named(result.Agent)}\n{result.Text}\n({result.Facts})";

    private static string Named(string agent) => DemoPlan.RoleOf(agent) is { } role ? $"{agent}, {role}" : agent;

    private static string? Field(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"as the answer to message (\d+)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Answered();

    [GeneratedRegex(@"(?<!\A), on step (?<step>\d{1,2}) of (?<steps>\d{1,2})\.(?: So far: (?<before>[^\n]+))?", RegexOptions.CultureInvariant)]
    private static partial Regex AtWork();

    [GeneratedRegex(@"\AStep (?<step>\d{1,2}) of (?<steps>\d{1,2}): (?:.*?\n\nSo far: (?<before>[^\n]+))?", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
