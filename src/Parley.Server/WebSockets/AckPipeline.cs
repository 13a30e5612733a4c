using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Errors;
using Parley.Server.Live;

namespace Parley.Server.WebSockets;

/// <summary>
/// The acknowledgements of one connection: those that arrive while one is being written are written together, as the highest of them, and each is answered.
/// </summary>
internal sealed class AckPipeline(Acknowledge acknowledge, Caller caller, SocketOutput output, InboxFeed feed, IDatabase database)
{
    private readonly Lock gate = new();
    private List<Wanted> waiting = [];
    private bool writing;

    public void Add(long upTo, string? reference)
    {
        lock (gate)
        {
            waiting.Add(new Wanted(upTo, reference));
            if (writing)
            {
                return;
            }

            writing = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        while (Take() is { } batch)
        {
            if (batch.Count == 1 || !await TryTogetherAsync(batch))
            {
                foreach (var wanted in batch)
                {
                    await OneAsync(wanted);
                }
            }

            output.Queue.Flush();
        }
    }

    private List<Wanted>? Take()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                writing = false;
                return null;
            }

            var batch = waiting;
            waiting = [];
            return batch;
        }
    }

    private async Task<bool> TryTogetherAsync(List<Wanted> batch)
    {
        AcknowledgeResult result;
        var upTo = batch.Max(wanted => wanted.UpTo);
        var before = feed.AcknowledgedUpTo;
        try
        {
            result = await acknowledge.RunAsync(caller, upTo, CancellationToken.None);
        }
        catch (ParleyError)
        {
            // One of them is wrong: each gets its own answer.
            return false;
        }

        feed.Acknowledged(result.State.Cursor);
        var left = result.Count;
        for (var i = 0; i < batch.Count; i++)
        {
            var share = i == batch.Count - 1 ? left : (int)Math.Clamp(batch[i].UpTo - before, 0, left);
            before = Math.Max(before, batch[i].UpTo);
            left -= share;
            await AnswerAsync(batch[i], result, share);
        }

        return true;
    }

    private async Task OneAsync(Wanted wanted)
    {
        try
        {
            var result = await acknowledge.RunAsync(caller, wanted.UpTo, CancellationToken.None);
            feed.Acknowledged(result.State.Cursor);
            await AnswerAsync(wanted, result, result.Count);
        }
        catch (Exception fault)
        {
            await output.ErrorAsync(ErrorMap.From(fault), wanted.Reference, null);
        }
    }

    private Task AnswerAsync(Wanted wanted, AcknowledgeResult result, int count) => output.AnswerAsync(
        new AckedFrame(
            "acked", wanted.Reference, new Cursor(database.Epoch, result.State.Cursor).ToString(), count, result.State.Head - result.State.Cursor, database.Durability),
        SocketJson.Default.AckedFrame);

    private readonly record struct Wanted(long UpTo, string? Reference);
}
