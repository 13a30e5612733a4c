using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Cli.Connect.Programs;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Connect;

/// <summary>Proves the way of a message: from a person, through the server and the command that the program is configured to start, into the program's hands.</summary>
internal static class ConnectCheck
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(Invocation invocation, KnownProgram program, IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience * 2);
        var findings = new List<(string What, bool Ok, string Detail)>();
        try
        {
            await RunAsync(invocation, program, changes, findings, late.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ParleyException or IOException or JsonException or InvalidOperationException or System.ComponentModel.Win32Exception || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            findings.Add(("way", false, fault is OperationCanceledException ? "Nothing came in time." : fault.Message));
        }

        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(new JsonObject
            {
                ["program"] = program.Name, ["ok"] = findings.All(finding => finding.Ok),
                ["checks"] = new JsonArray([.. findings.Select(finding => (JsonNode)new JsonObject { ["check"] = finding.What, ["ok"] = finding.Ok, ["detail"] = finding.Detail })]),
            });
        }
        else
        {
            foreach (var (what, ok, detail) in findings)
            {
                invocation.Screen.Line($"{(ok ? "ok  " : "FAIL")}  {what}: {SafeText.Line(detail)}");
            }
        }

        return findings.All(finding => finding.Ok) ? ExitCode.Ok : ExitCode.Failure;
    }

    private static async Task RunAsync(Invocation invocation, KnownProgram program, IReadOnlyList<Change> changes, List<(string, bool, string)> findings, CancellationToken cancellation)
    {
        if (Configured(changes) is not { } words)
        {
            findings.Add(("configuration", false, $"{changes[0].File} has no server of Parley. Run: parley connect {program.Name} --as {invocation.Agent}"));
            return;
        }

        findings.Add(("configuration", true, string.Join(' ', words)));
        var agent = await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false);
        using var probe = new McpProbe(words);
        var tools = await probe.ListToolsAsync(cancellation).ConfigureAwait(false);
        findings.Add(("tools", tools.Contains("check_messages") && tools.Contains("send_agent_message"), $"{tools.Count} tools"));
        var speaker = (await probe.CallAsync("list_agents", [], cancellation).ConfigureAwait(false))["you"]?.GetValue<string>();
        findings.Add(("identity", speaker == invocation.Agent, $"speaks as {speaker}"));

        var unread = (await agent.Inbox.ReadAsync(limit: 1, cancellation: cancellation).ConfigureAwait(false)).Unread;
        var sent = await invocation.ConnectAsPerson().Messages.SendAsync(
            new SendRequest { To = invocation.Agent, Content = "parley connect --check: nothing to do.", Ttl = Life.TotalSeconds, Key = Guid.NewGuid().ToString() }, cancellation).ConfigureAwait(false);
        var clock = Stopwatch.StartNew();
        var seen = await SeesAsync(probe, sent.MessageId, unread, cancellation).ConfigureAwait(false);
        findings.Add(("message", seen, seen ? $"sent by a person, read with check_messages after {clock.ElapsedMilliseconds} ms" : "the message was not among what check_messages gave"));
        if (program.HasHooks)
        {
            var said = await HookProbe.RunAsync(program, changes, cancellation).ConfigureAwait(false);
            findings.Add(("hook", said?.Contains("check_messages", StringComparison.Ordinal) == true, said is null ? "no hook of Parley is configured" : "the command that the program runs tells of the message"));
        }

        if (unread == 0)
        {
            // Nothing else was waiting, so the check leaves nothing behind.
            var page = await agent.Inbox.ReadAsync(limit: 1, cancellation: cancellation).ConfigureAwait(false);
            if (page.Items is [var only] && only.Id == sent.MessageId)
            {
                await agent.Inbox.AcknowledgeAsync(page.Cursor, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Without a cursor nothing is acknowledged. Behind many unread ones the message itself cannot be seen without that, and its count has to do.</summary>
    private static async Task<bool> SeesAsync(McpProbe probe, Guid id, long unread, CancellationToken cancellation)
    {
        var (result, meta) = await probe.AskAsync("check_messages", new JsonObject { ["limit"] = 100, ["wait_seconds"] = 5 }, cancellation).ConfigureAwait(false);
        return meta.Contains(id.ToString(), StringComparison.Ordinal) || result["messages"]!.AsArray().Any(message => message!["text"]?.GetValue<string>().StartsWith("parley connect --check", StringComparison.Ordinal) == true)
            || (unread >= 100 && result["more"]?.GetValue<long>() > 0);
    }

    /// <summary>The words of the server's command, as they stand in the program's own file.</summary>
    private static IReadOnlyList<string>? Configured(IReadOnlyList<Change> changes)
    {
        switch (changes[0])
        {
            case JsonChange server when FileText.Read(server.File) is { Length: > 0 } text && JsonEdit.Find(text, server.Path) is JsonObject there && Wiring.IsServer(there):
                return there["command"] is JsonArray all ? Wiring.Words(all) : [there["command"]!.GetValue<string>(), .. Wiring.Words(there["args"])];
            case TomlChange server when FileText.Read(server.File) is { } text && TomlEdit.Find(text, server.Table, "command") is { } command && TomlEdit.Find(text, server.Table, "args") is { } args:
                return [JsonNode.Parse(command)!.GetValue<string>(), .. Wiring.Words(JsonNode.Parse(args))];
            default:
                return null;
        }
    }
}
