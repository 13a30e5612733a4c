namespace Parley.EndToEnd.Tests.Hosted;

/// <summary>A model that calls a tool, then another, then answers; it decides by what stands in the request alone. The first time that it is asked for a step it never answers.</summary>
internal sealed class SteppedModel
{
    public const int Steps = 3;

    private readonly int[] seen = new int[Steps];

    /// <summary>Raised when a step is asked for the first time.</summary>
    public IReadOnlyList<Signal<FakeRequest>> Stalled { get; } = [.. Enumerable.Range(0, Steps).Select(_ => new Signal<FakeRequest>())];

    /// <summary>Raised when it is asked for again.</summary>
    public IReadOnlyList<Signal<FakeRequest>> Asked { get; } = [.. Enumerable.Range(0, Steps).Select(_ => new Signal<FakeRequest>())];

    public FakeReply Answer(FakeRequest request)
    {
        var step = request.Messages.Count(message => message.Role == "tool");
        if (Interlocked.Increment(ref seen[step]) == 1)
        {
            Stalled[step].Raise(request);
            return new FakeReply { End = FakeEnd.Stall };
        }

        Asked[step].Raise(request);
        var turn = request.Messages.Any(message => message.Text.Contains("second", StringComparison.Ordinal)) ? 2 : 1;
        return step switch
        {
            0 => Call("send_agent_message", $$"""{"to":"aaron","message":"by tool {{turn}}"}"""),
            1 => Call("post_to_channel", $$"""{"channel":"general","message":"posted {{turn}}"}"""),
            _ => new FakeReply { Text = $"final {turn}" },
        };
    }

    private static FakeReply Call(string tool, string arguments) => new() { Tools = [new FakeToolCall(tool, arguments, $"call_{tool}")] };
}
