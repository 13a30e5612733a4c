using Parley.Bench.Systems;

namespace Parley.Bench.Works;

/// <summary>A kind of traffic that every system is put through.</summary>
interface IWork
{
    string Name { get; }

    /// <summary>Opens the connections; no message is sent yet.</summary>
    Task<Traffic> OpenAsync(IServer server, Phase phase, CancellationToken cancellation);
}

/// <summary>Opened connections. The loops of <see cref="Senders"/> end by themselves once the phase says stop; <see cref="Receivers"/> end when cancelled.</summary>
sealed record Traffic(
    IReadOnlyList<Inbox> Inboxes,
    IReadOnlyList<Func<CancellationToken, Task>> Receivers,
    IReadOnlyList<Func<CancellationToken, Task>> Senders,
    Func<Inbox, long> Count);
