using System.Collections.Concurrent;
using Parley.Core.Turns;

namespace Parley.Tests.Support;

/// <summary>
/// A model that does what a test says. Rules are asked in the order in which they were added, the first that fits answers; without one it passes. It counts its
/// calls and keeps the requests, and can hold a call until the test lets it go.
/// </summary>
public sealed class ScriptedRuntime : IRuntime
{
    private readonly Lock gate = new();
    private readonly List<(Func<RuntimeRequest, bool> Fits, Func<RuntimeRequest, RuntimeAnswer> Answer)> rules = [];
    private readonly Queue<Func<RuntimeRequest, RuntimeAnswer>> script = new();
    private readonly ConcurrentQueue<RuntimeRequest> requests = new();
    private Hold? hold;

    public string Name => "model";

    /// <summary>What every call uses.</summary>
    public Usage Usage { get; set; } = new(100, 0, 10);

    /// <summary>How many calls were made, failed ones included.</summary>
    public int Calls => requests.Count;

    /// <summary>Every request, in the order of the calls.</summary>
    public IReadOnlyList<RuntimeRequest> Requests => [.. requests];

    /// <summary>Answers every request that fits.</summary>
    public ScriptedRuntime When(Func<RuntimeRequest, bool> fits, Func<RuntimeRequest, RuntimeAnswer> answer)
    {
        lock (gate)
        {
            rules.Add((fits, answer));
        }

        return this;
    }

    /// <summary>Answers every request with a text made of it.</summary>
    public ScriptedRuntime Always(Func<RuntimeRequest, string> text) => When(_ => true, request => Text(text(request)));

    /// <summary>Answers every request of an agent with a text.</summary>
    public ScriptedRuntime For(string agent, string text) => When(request => IsOf(request, agent), _ => Text(text));

    /// <summary>The next calls, before any rule.</summary>
    public ScriptedRuntime Then(params Func<RuntimeRequest, RuntimeAnswer>[] answers)
    {
        lock (gate)
        {
            foreach (var answer in answers)
            {
                script.Enqueue(answer);
            }
        }

        return this;
    }

    /// <summary>The next calls answer these texts.</summary>
    public ScriptedRuntime Says(params string[] texts) => Then([.. texts.Select(text => (Func<RuntimeRequest, RuntimeAnswer>)(_ => Text(text)))]);

    /// <summary>The next call wants tools called.</summary>
    public ScriptedRuntime CallsTools(params (string Name, string Arguments)[] calls) => Then(_ => Tools(calls));

    /// <summary>The next calls fail.</summary>
    public ScriptedRuntime Fails(RuntimeFaultKind kind, int times = 1, TimeSpan? retryAfter = null) =>
        Then([.. Enumerable.Repeat<Func<RuntimeRequest, RuntimeAnswer>>(_ => throw new RuntimeFault(kind, $"scripted {kind}", retryAfter), times)]);

    /// <summary>Holds the next call until it is let go.</summary>
    public Hold HoldNext()
    {
        lock (gate)
        {
            return hold = new Hold();
        }
    }

    /// <summary>An answer that is a text.</summary>
    public RuntimeAnswer Text(string text) => new(text, [], Usage, FinishReason.Stop);

    /// <summary>An answer that wants tools called.</summary>
    public RuntimeAnswer Tools(params (string Name, string Arguments)[] calls) =>
        new("", [.. calls.Select((call, i) => new ToolCall($"call-{i}", call.Name, call.Arguments))], Usage, FinishReason.ToolCalls);

    /// <summary>Whether a request is one of that agent's turns.</summary>
    public static bool IsOf(RuntimeRequest request, string agent) => request.Instructions.Contains($"Your name is {agent}.", StringComparison.Ordinal);

    public async Task<RuntimeAnswer> AskAsync(RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        requests.Enqueue(request);
        var (answer, held) = Next(request);
        if (held is not null)
        {
            held.Begin(request);
            await held.Released.WaitAsync(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var said = answer(request);
        if (said.Text.Length > 0)
        {
            onText(said.Text);
        }

        return said;
    }

    private (Func<RuntimeRequest, RuntimeAnswer> Answer, Hold? Held) Next(RuntimeRequest request)
    {
        lock (gate)
        {
            var held = hold;
            hold = null;
            var answer = script.Count > 0 ? script.Dequeue() : rules.Find(rule => rule.Fits(request)).Answer;
            return (answer ?? (_ => Text("PASS")), held);
        }
    }

    /// <summary>A call that waits.</summary>
    public sealed class Hold
    {
        private readonly TaskCompletionSource<RuntimeRequest> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the call was made.</summary>
        public Task<RuntimeRequest> Begun => begun.Task;

        internal Task Released => released.Task;

        /// <summary>Lets the call go on.</summary>
        public void Release() => released.TrySetResult();

        internal void Begin(RuntimeRequest request) => begun.TrySetResult(request);
    }
}

/// <summary>Models that cost what a test says; nothing at first.</summary>
public sealed class ScriptedCatalog : IModelCatalog
{
    /// <summary>The price of every model; null for none known.</summary>
    public Price? Price { get; set; } = Price.Free;

    public Price? PriceOf(string model) => Price;

    public void Check(string model)
    {
        if (!model.StartsWith("demo/", StringComparison.Ordinal))
        {
            throw Parley.Core.ParleyError.Invalid("model", "There is no such provider.", "Use demo/…");
        }
    }

    public Task<IReadOnlyList<ProviderInfo>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ProviderInfo>>([new ProviderInfo("demo", "ready", "", "scripted", [new ModelInfo("demo/scripted", Price)])]);
}

/// <summary>Tools of servers that a test plays.</summary>
public sealed class ScriptedToolbox : IToolbox
{
    private readonly ConcurrentQueue<ToolCall> calls = new();

    /// <summary>What there is.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; set; } = [];

    /// <summary>What is not.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    /// <summary>What a call answers.</summary>
    public Func<ToolCall, ToolResult> Answer { get; set; } = _ => new ToolResult("done", Failed: false);

    /// <summary>What was called.</summary>
    public IReadOnlyList<ToolCall> Calls => [.. calls];

    public Task<ToolListing> ListAsync(Guid agentId, IReadOnlyList<ToolServer> servers, CancellationToken cancellationToken) => Task.FromResult(new ToolListing(Tools, Warnings));

    public Task<ToolResult> CallAsync(Guid agentId, IReadOnlyList<ToolServer> servers, ToolCall call, CancellationToken cancellationToken)
    {
        calls.Enqueue(call);
        return Task.FromResult(Answer(call));
    }
}
