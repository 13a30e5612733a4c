using System.Collections.Concurrent;

namespace Parley.Storage.Stores;

/// <summary>What a message from one agent to another changes and has to know first: their conversation and their link.</summary>
internal readonly record struct PeerRows(Guid Conversation, Guid Link);

/// <summary>Remembers where messages went, so that the next one can lock its rows before it has looked for them. A guess; each send checks it.</summary>
internal sealed class KnownPeers
{
    private const int Most = 100_000;
    private readonly ConcurrentDictionary<(Guid Sender, string Recipient), PeerRows> known = new();

    public PeerRows? Find(Guid sender, string recipient) => known.TryGetValue((sender, recipient), out var rows) ? rows : null;

    public void Remember(Guid sender, string recipient, PeerRows rows)
    {
        if (known.Count >= Most)
        {
            known.Clear();
        }

        known[(sender, recipient)] = rows;
    }

    public void Forget(Guid sender, string recipient) => known.TryRemove((sender, recipient), out _);
}
