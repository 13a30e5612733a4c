using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Parley.Core;
using Parley.Core.Outbound;

namespace Parley.Tests.Webhooks;

/// <summary>Takes calls instead of a network and answers each as the test says; without a word it answers 204.</summary>
internal sealed class ScriptedOutbound : IOutbound
{
    private readonly ConcurrentQueue<OutboundCall> calls = new();

    /// <summary>What the next calls are answered, in order.</summary>
    public ConcurrentQueue<Func<OutboundAnswer>> Answers { get; } = new();

    public IReadOnlyList<OutboundCall> Calls => [.. calls];

    public IReadOnlyList<string> Ids => [.. calls.Select(call => call.Headers["webhook-id"])];

    /// <summary>What the last call said.</summary>
    public JsonElement Last => DataOf(calls.Last());

    public void Then(params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            Answers.Enqueue(() => new OutboundAnswer(status, null, []));
        }
    }

    public void ThenFails(ErrorCode code) => Answers.Enqueue(() => throw new ParleyError(code, "No.", "Fix it."));

    public static JsonElement DataOf(OutboundCall call) => JsonElement.Parse(Encoding.UTF8.GetString(call.Body!)).GetProperty("data");

    public Task<OutboundAnswer> SendAsync(OutboundCall call, CancellationToken cancellationToken)
    {
        calls.Enqueue(call);
        return Task.Run(() => Answers.TryDequeue(out var answer) ? answer() : new OutboundAnswer(204, null, []), cancellationToken);
    }
}

/// <summary>Lets every call out.</summary>
internal sealed class OpenPolicy : IOutboundPolicy
{
    public OutboundPolicy Current { get; set; } = new() { Enabled = true };
}
