using System.Net.WebSockets;
using Parley.Core;
using Parley.Server.Live;

namespace Parley.Server.WebSockets;

/// <summary>What every WebSocket does: reads frames until the end, closes with a documented code, leaves nothing behind.</summary>
internal abstract class SocketSession(SocketOpening opening) : ILiveConnection, IDisposable
{
    private const int MostReason = 120;
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatienceWithTheSlow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource patience = new(Timeout.InfiniteTimeSpan, opening.Time);
    private int closing;

    /// <inheritdoc/>
    public Caller Caller => opening.Caller;

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt => opening.ExpiresAt;

    /// <inheritdoc/>
    public bool IsTooSlow => Output.Queue.Stalled >= SlowAfter && (IsBehind || Output.Queue.IsFull);

    /// <inheritdoc/>
    public abstract string LastCursor { get; }

    /// <summary>What was opened.</summary>
    protected SocketOpening Opening => opening;

    /// <summary>Where frames go.</summary>
    protected SocketOutput Output => opening.Output;

    /// <summary>True while more waits than was handed over.</summary>
    protected abstract bool IsBehind { get; }

    /// <summary>True once it is being closed.</summary>
    protected bool IsClosing => Volatile.Read(ref closing) != 0;

    /// <summary>Ends when the client is given up.</summary>
    protected CancellationToken Ending => patience.Token;

    /// <inheritdoc/>
    public Task CloseAsync(ErrorCode code, string reason) => CloseAsync(
        code.CloseCode ?? (int)WebSocketCloseStatus.NormalClosure, reason,
        code == ErrorCode.ConsumerTooSlow ? PatienceWithTheSlow : code == ErrorCode.ShuttingDown ? PatienceAtTheEnd : Patience);

    /// <summary>Ends a connection that may not begin.</summary>
    public async Task RefuseAsync(ErrorCode code, string reason)
    {
        await CloseAsync(code, reason);
        await ReadAsync();
    }

    /// <summary>Says as a frame why the connection ends, and ends it.</summary>
    public async Task ExplainAsync(ParleyError error)
    {
        await Output.ErrorAsync(error, reference: null, key: null);
        Output.Queue.Flush();
        await RefuseAsync(error.Code, error.Message);
    }

    public virtual void Dispose()
    {
        patience.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes with a code; the client has some seconds to read what waits and to answer.</summary>
    protected Task CloseAsync(int code, string reason) => CloseAsync(code, reason, Patience);

    private async Task CloseAsync(int code, string reason, TimeSpan wait)
    {
        if (Interlocked.Exchange(ref closing, 1) != 0)
        {
            return;
        }

        OnClosing();
        try
        {
            await opening.Socket.CloseOutputAsync((WebSocketCloseStatus)code, reason.Length > MostReason ? reason[..MostReason] : reason, CancellationToken.None);
            patience.CancelAfter(wait);
        }
        catch (Exception fault) when (fault is WebSocketException or InvalidOperationException or ObjectDisposedException)
        {
            // It was closed from the other side in the same moment.
        }
    }

    /// <summary>Reads until the client or the server ends it.</summary>
    protected async Task ReadAsync()
    {
        using var reader = new FrameReader(opening.Socket);
        try
        {
            while (await reader.NextAsync(Ending) is { } frame)
            {
                if (!IsClosing)
                {
                    await TakeAsync(frame);
                }
            }

            await CloseAsync((int)WebSocketCloseStatus.NormalClosure, "");
        }
        catch (ParleyError error)
        {
            await CloseAsync(error.Code, error.Message);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            OnClosing();
        }

        await Output.Queue.EmptyAsync().WaitAsync(Patience, opening.Time, Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Output.Queue.Close();
    }

    /// <summary>Takes a frame.</summary>
    protected abstract ValueTask TakeAsync(Received frame);

    /// <summary>Nothing more is handed over.</summary>
    protected abstract void OnClosing();
}

/// <summary>A WebSocket that was just opened.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Output">Where its frames go.</param>
/// <param name="Caller">Who opened it.</param>
/// <param name="ExpiresAt">When the token stops.</param>
/// <param name="Project">The project of its address, or null.</param>
/// <param name="Strict">True where parley.v1 was agreed on.</param>
/// <param name="Time">The clock.</param>
internal sealed record SocketOpening(
    WebSocket Socket, SocketOutput Output, Caller Caller, DateTimeOffset? ExpiresAt, Parley.Core.Organizations.Project? Project, bool Strict, TimeProvider Time)
{
    /// <summary>For a person: where the project's channels stood before the connection was accepted, so that nothing said after it is missed.</summary>
    public IReadOnlyList<Parley.Core.Conversations.Conversation> Channels { get; init; } = [];
}
