using System.Threading.Channels;
using Parley.Core.Turns;

namespace Parley.Tests.Support;

/// <summary>A model that speaks when the test says so, piece by piece; one call at a time.</summary>
public sealed class LiveRuntime : IRuntime
{
    private readonly Channel<string> pieces = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "model";

    /// <summary>Completes when the caller left in the middle of the answer.</summary>
    public Task Left => left.Task;

    /// <summary>The next piece of the answer.</summary>
    public void Say(string piece) => pieces.Writer.TryWrite(piece);

    /// <summary>The answer is whole, or fails.</summary>
    public void End(RuntimeFault? fault = null) => pieces.Writer.TryComplete(fault);

    public async Task<RuntimeAnswer> AskAsync(RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        var said = "";
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellationToken))
            {
                onText(piece);
                said += piece;
            }
        }
        catch (OperationCanceledException)
        {
            left.TrySetResult();
            throw;
        }

        return new RuntimeAnswer(said, [], new Usage(100, 0, 10), FinishReason.Stop);
    }
}
