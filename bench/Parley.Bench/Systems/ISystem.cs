using Parley.Bench.Processes;
using Parley.Bench.Works;

namespace Parley.Bench.Systems;

/// <summary>A message system to compare. A new one is this interface, <see cref="IServer"/> and <see cref="IRoute"/>.</summary>
interface ISystem
{
    string Name { get; }

    /// <summary>Starts the system's server with its data below <paramref name="folder"/>, on a free loopback port.</summary>
    Task<IServer> StartAsync(string folder, CancellationToken cancellation);
}

/// <summary>A running server and every connection made to it; disposing closes them and stops the server.</summary>
interface IServer : IAsyncDisposable
{
    /// <summary>What counts as the server when CPU time and memory are read.</summary>
    ProcessTree Processes { get; }

    /// <summary>The part of <see cref="Processes"/> that is a database below the system; null where there is none, or where it is the system.</summary>
    ProcessTree? Database => null;

    /// <summary>What it wrote last, for the report of a failure.</summary>
    string LastOutput { get; }

    /// <summary>One sender and one receiver with at most <paramref name="window"/> sends in flight; the receiver may acknowledge as many at once.</summary>
    Task<IRoute> OpenPairAsync(int number, int window, CancellationToken cancellation);

    /// <summary>One sender and many live subscribers, each of which gets every message.</summary>
    Task<IRoute> OpenChannelAsync(int subscribers, int window, CancellationToken cancellation);
}

/// <summary>A way from one sender to its receivers.</summary>
interface IRoute
{
    /// <summary>Completes when the server has answered that the message is flushed to disk. May be called again before that.</summary>
    Task SendAsync(ReadOnlyMemory<byte> payload);

    /// <summary>
    /// Receives and acknowledges until cancelled; must run while <see cref="SendAsync"/> is used. Receiver i reports to <c>inboxes[i]</c>,
    /// one call at a time for each inbox.
    /// </summary>
    Task ReceiveAsync(IReadOnlyList<Inbox> inboxes, CancellationToken cancellation);
}
