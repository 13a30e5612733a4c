using System.Text.Json;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Errors;
using Parley.Server.Mapping;

namespace Parley.Server.WebSockets;

/// <summary>
/// The sends of one connection: several are under way at once, as far as the store keeps their order, and each is answered in the order of sending.
/// </summary>
internal sealed class SendPipeline(SendMessage send, Caller caller, SocketOutput output, int depth)
{
    private readonly Lock gate = new();
    private readonly Queue<UnderWay> underWay = new();
    private TaskCompletionSource? place;
    private bool answering;

    /// <summary>Starts a send; waits only where the pipeline is full.</summary>
    public async ValueTask StartAsync(SendInput input, string? reference, CancellationToken cancellationToken)
    {
        await PlaceAsync(cancellationToken);

        // Once begun it is not given up with the connection: its outcome would be unknown for nothing.
        Enqueue(new UnderWay(send.RunAsync(caller, input, CancellationToken.None), reference, input.Key));
    }

    /// <summary>Answers an error in its place among the sends.</summary>
    public async ValueTask RefuseAsync(ParleyError error, string? reference, string? key, CancellationToken cancellationToken)
    {
        await PlaceAsync(cancellationToken);
        Enqueue(new UnderWay(Task.FromException<SendReceipt>(error), reference, key));
    }

    private async ValueTask PlaceAsync(CancellationToken cancellationToken)
    {
        Task free;
        lock (gate)
        {
            free = underWay.Count < depth ? Task.CompletedTask : (place ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        if (!free.IsCompleted)
        {
            output.Queue.Flush();
            await free.WaitAsync(cancellationToken);
        }
    }

    private void Enqueue(UnderWay item)
    {
        lock (gate)
        {
            underWay.Enqueue(item);
            if (answering)
            {
                return;
            }

            answering = true;
        }

        _ = AnswerAsync();
    }

    private async Task AnswerAsync()
    {
        while (Peek() is { } item)
        {
            if (!item.Send.IsCompleted)
            {
                output.Queue.Flush();
            }

            await AnswerAsync(item);
            lock (gate)
            {
                underWay.Dequeue();
                place?.TrySetResult();
                place = null;
            }
        }

        output.Queue.Flush();
    }

    private UnderWay? Peek()
    {
        lock (gate)
        {
            answering = underWay.TryPeek(out var item);
            return item;
        }
    }

    private async Task AnswerAsync(UnderWay item)
    {
        try
        {
            var receipt = await item.Send;
            var head = JsonSerializer.SerializeToUtf8Bytes(new AckHead("ack", item.Reference, item.Key), SocketJson.Default.AckHead);
            var rest = JsonSerializer.SerializeToUtf8Bytes(MessageMapping.ToResponse(receipt), WireJson.Default.SendResponse);
            rest[0] = (byte)',';
            await output.AnswerAsync((byte[])[.. head.AsSpan(0, head.Length - 1), .. rest]);
        }
        catch (Exception fault)
        {
            await output.ErrorAsync(ErrorMap.From(fault), item.Reference, item.Key);
        }
    }

    private sealed record UnderWay(Task<SendReceipt> Send, string? Reference, string? Key);
}
