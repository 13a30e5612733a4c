using System.Collections.Concurrent;

namespace Parley.Storage.Stores;

/// <summary>What a message from one agent to another changes: their conversation, their link and the recipient's inbox.</summary>
internal readonly record struct PeerRows(Guid Conversation, Guid Link, Guid Recipient);

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
