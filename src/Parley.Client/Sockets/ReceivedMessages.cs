using System.Threading.Channels;
using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <summary>
/// Received messages that wait for the reader. When it is full, further ones are left with the server, and asked for again once the reader has caught up: a
/// program that only sends is never held up by messages it does not read, and a slow reader loses nothing.
/// </summary>
internal sealed class ReceivedMessages(int capacity, string? cursor)
{
    private readonly Channel<MessageView> waiting =
        Channel.CreateBounded<MessageView>(new BoundedChannelOptions(capacity) { SingleWriter = true, SingleReader = true });

    private readonly Lock guard = new();
    private long lastNumber;
    private bool left;
    private bool asked;

    /// <summary>Where a new connection resumes.</summary>
    public string? Cursor { get; private set; } = cursor;

    public ChannelReader<MessageView> Reader => waiting.Reader;

    public void Add(MessageView message)
    {
        lock (guard)
        {
            if (left || message.InboxNumber <= lastNumber)
            {
                return;
            }

            if (!waiting.Writer.TryWrite(message))
            {
                // What has no inbox number cannot be asked for again: an observer sees what it is fast enough for.
                left = message.InboxNumber is not null;
                return;
            }

            lastNumber = message.InboxNumber ?? lastNumber;
            Cursor = message.Cursor ?? Cursor;
        }
    }

    /// <summary>The cursor from which to ask again, once, when messages were left with the server; null when nothing is missing.</summary>
    public string? TakeMissing()
    {
        lock (guard)
        {
            if (!left || asked)
            {
                return null;
            }

            asked = true;
            return Cursor;
        }
    }

    /// <summary>From here on the server hands over what follows <see cref="Cursor"/>.</summary>
    public void Resumed()
    {
        lock (guard)
        {
            (left, asked) = (false, false);
        }
    }

    public void Complete(Exception? error) => waiting.Writer.TryComplete(error);
}
