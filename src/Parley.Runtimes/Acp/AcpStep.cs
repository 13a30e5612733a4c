using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Acp;

/// <summary>One step with a program that speaks the Agent Client Protocol: initialize, its session, the prompt.</summary>
internal sealed class AcpStep
{
    private const int Version = 1;
    private static readonly TimeSpan s_goodbye = TimeSpan.FromMilliseconds(400);
    private readonly RuntimeRequest _request;
    private readonly ProgramRun _run;
    private readonly string _folder;
    private readonly Func<ToolServer, JsonArray> _environment;
    private readonly IReadOnlyList<string>? _bridge;
    private readonly ProgramReport _report;
    private Task<JsonElement>? _prompt;
    private string? _session;
    private bool _resumed;

    public AcpStep(
        RuntimeRequest request, ProgramRun run, string folder, Func<ToolServer, JsonArray> environment, IReadOnlyList<string>? bridge, Action<string> onText)
    {
        (_request, _run, _folder, _environment, _bridge) = (request, run, folder, environment, bridge);
        _report = new ProgramReport(onText, run.OnTool);
        Updates = new AcpUpdates(_report);
    }

    public AcpUpdates Updates { get; }

    /// <summary>How far it is, as a part of a sentence.</summary>
    public string Phase { get; private set; } = "before it said what it can (initialize)";

    public async Task<RuntimeAnswer> RunAsync(AcpConnection connection, CancellationToken cancellationToken)
    {
        var can = await InitializeAsync(connection, cancellationToken).ConfigureAwait(false);
        Phase = "while its session was opened";
        var (servers, warning) = AcpServers.Of(_run, can.At("mcpCapabilities") is { } mcp && mcp.Flag("http"), _bridge, _environment);
        if (warning is not null)
        {
            _report.Warnings.Add(warning);
        }

        var known = AcpResume.Read(_run.Resume);
        await OpenAsync(connection, can, known, servers, cancellationToken).ConfigureAwait(false);
        Phase = "in the middle of its work";
        var before = _resumed ? known?.Cost ?? 0 : 0;
        Updates.Begin();
        var answer = await PromptAsync(connection, cancellationToken).ConfigureAwait(false);
        Stopped(answer.Word("stopReason"));
        Count(answer);
        // What is told is the cost of the whole session; one that began to count anew has not gone down.
        _report.Dollars = Updates.SessionCost is { } cost ? (cost >= before ? cost - before : cost) : null;
        return _report.Whole(AcpResume.Write(_session!, Updates.SessionCost ?? known?.Cost));
    }

    /// <summary>
    /// Prompts, and again with what is said to it meanwhile: then it is asked to leave off what it does, as an editor does for a person who types on.
    /// </summary>
    private async Task<JsonElement> PromptAsync(AcpConnection connection, CancellationToken cancellationToken)
    {
        var text = ProgramPrompt.Text(_request, _resumed);
        while (true)
        {
            using var settled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _prompt = connection.AskAsync(
                "session/prompt", new JsonObject { ["sessionId"] = _session, ["prompt"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) }, CancellationToken.None);
            var steered = _run.SteeredAsync(settled.Token);
            await Task.WhenAny(_prompt, steered).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!steered.IsCompletedSuccessfully)
            {
                var answer = await _prompt.WaitAsync(cancellationToken).ConfigureAwait(false);
                await settled.CancelAsync().ConfigureAwait(false);
                await ((Task)steered).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!steered.IsCompletedSuccessfully)
                {
                    return answer;
                }
            }
            else if (!_prompt.IsCompleted)
            {
                await connection.TellAsync("session/cancel", new JsonObject { ["sessionId"] = _session }, cancellationToken).ConfigureAwait(false);
            }

            Count(await _prompt.WaitAsync(cancellationToken).ConfigureAwait(false));
            _report.Restart();
            text = await steered.ConfigureAwait(false);
        }
    }

    /// <summary>Lets the program end its work by itself; whoever started it ends it soon after in any case.</summary>
    public async Task CancelAsync(AcpConnection connection)
    {
        if (_session is null || _prompt is null)
        {
            return;
        }

        using var soon = new CancellationTokenSource(s_goodbye, TimeProvider.System);
        try
        {
            await connection.TellAsync("session/cancel", new JsonObject { ["sessionId"] = _session }, soon.Token).ConfigureAwait(false);
            await ((Task)_prompt).WaitAsync(soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            // It does not read.
        }
    }

    /// <summary>What the program asks. It gets no files and no terminal of ours.</summary>
    public async Task<JsonObject?> AnswerAsync(string method, JsonElement parameters, CancellationToken cancellationToken) =>
        method == "session/request_permission" ? await AcpPermission.AnswerAsync(_run, parameters, cancellationToken).ConfigureAwait(false) : null;

    private static async Task<JsonElement?> InitializeAsync(AcpConnection connection, CancellationToken cancellationToken)
    {
        var answer = await connection.AskAsync(
            "initialize",
            new JsonObject
            {
                ["protocolVersion"] = Version,
                ["clientCapabilities"] = new JsonObject { ["fs"] = new JsonObject { ["readTextFile"] = false, ["writeTextFile"] = false }, ["terminal"] = false },
                ["clientInfo"] = new JsonObject { ["name"] = "parley", ["title"] = "Parley", ["version"] = "1" },
            },
            cancellationToken).ConfigureAwait(false);
        return answer.Count("protocolVersion") == Version
            ? answer.At("agentCapabilities")
            : throw new RuntimeFault(RuntimeFaultKind.Refused, $"The program speaks version {answer.Count("protocolVersion")} of the Agent Client Protocol; Parley speaks {Version}. Use another release of it.");
    }

    private async Task OpenAsync(AcpConnection connection, JsonElement? can, AcpResume? known, JsonArray servers, CancellationToken cancellationToken)
    {
        var method = can.At("sessionCapabilities").At("resume") is not null ? "session/resume" : can is { } all && all.Flag("loadSession") ? "session/load" : null;
        JsonElement opened = default;
        if (known is not null && method is not null)
        {
            try
            {
                opened = await connection.AskAsync(method, Place(servers, known.Session), cancellationToken).ConfigureAwait(false);
                (_session, _resumed) = (known.Session, true);
            }
            catch (AcpRefusal refusal) when (refusal.Code != AcpRefusal.LogIn)
            {
                _report.Warnings.Add($"The program could not go on in its own session and began a new one. {refusal.Message}");
            }
        }

        if (!_resumed)
        {
            opened = await connection.AskAsync("session/new", Place(servers, session: null), cancellationToken).ConfigureAwait(false);
            _session = opened.Word("sessionId") ?? throw new RuntimeFault(RuntimeFaultKind.Refused, "The program opened a session without an id.");
        }

        await ChooseModelAsync(connection, opened, cancellationToken).ConfigureAwait(false);
    }

    private JsonObject Place(JsonArray servers, string? session)
    {
        var place = new JsonObject { ["cwd"] = _folder, ["mcpServers"] = servers.DeepClone() };
        if (session is not null)
        {
            place["sessionId"] = session;
        }

        return place;
    }

    private async Task ChooseModelAsync(AcpConnection connection, JsonElement opened, CancellationToken cancellationToken)
    {
        if (_request.Model.Split('/', 3) is not [_, _, var model])
        {
            return;
        }

        var option = ((JsonElement?)opened).List("configOptions").FirstOrDefault(option => option.Word("category") == "model").Word("id");
        if (option is null && opened.At("models") is null)
        {
            _report.Warnings.Add($"The program lets nobody choose its model; '{model}' was not set.");
            return;
        }

        await (option is not null
            ? connection.AskAsync("session/set_config_option", new JsonObject { ["sessionId"] = _session, ["configId"] = option, ["value"] = model }, cancellationToken)
            : connection.AskAsync("session/set_model", new JsonObject { ["sessionId"] = _session, ["modelId"] = model }, cancellationToken)).ConfigureAwait(false);
    }

    private void Count(JsonElement answer)
    {
        if (AcpUpdates.UsageOf(answer) is { } usage)
        {
            _report.Usage = (_report.Usage ?? default) + usage;
        }
    }

    private void Stopped(string? reason)
    {
        switch (reason)
        {
            case "end_turn":
                break;
            case "max_tokens":
                _report.Finish = FinishReason.Length;
                break;
            case "refusal":
                _report.Finish = FinishReason.Filtered;
                break;
            case "max_turn_requests":
                _report.Warnings.Add("The program stopped at the most requests of a turn that it allows itself.");
                break;
            default:
                throw new RuntimeFault(RuntimeFaultKind.Transient, $"The program stopped without an answer ({(reason is { Length: < 40 } ? reason : "no reason")}).");
        }
    }
}

/// <summary>The session of a program, and what it had cost by its own count.</summary>
internal sealed record AcpResume(string Session, decimal? Cost)
{
    public static AcpResume? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Word("session") is { } session ? new AcpResume(session, json.RootElement.Money("cost")) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Write(string session, decimal? cost) => new JsonObject { ["session"] = session, ["cost"] = cost }.ToJsonString();
}
