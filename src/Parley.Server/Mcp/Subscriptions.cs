using System.Collections.Concurrent;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>The resources that a client follows, each with the state that it knows of.</summary>
internal sealed class Subscriptions
{
    private const int Most = 100;
    private readonly ConcurrentDictionary<string, string> stamps = new(StringComparer.Ordinal);

    /// <summary>The addresses with the stamps of what the client was told last.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => [.. stamps];

    /// <summary>Follows a resource from that state on.</summary>
    public void Add(string uri, string stamp)
    {
        if (stamps.Count >= Most && !stamps.ContainsKey(uri))
        {
            throw new ParleyError(ErrorCode.RateLimited, $"A client follows at most {Most} resources.", "Unsubscribe from one first.");
        }

        stamps[uri] = stamp;
    }

    public void Remove(string uri) => stamps.TryRemove(uri, out _);

    /// <summary>True where this is what has to be told of the change: of several streams one does.</summary>
    public bool Take(string uri, string known, string now) => known != now && stamps.TryUpdate(uri, now, known);
}
