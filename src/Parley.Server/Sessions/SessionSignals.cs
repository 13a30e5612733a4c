using System.Collections.Concurrent;
using Parley.Core;
using Parley.Core.Sessions;
using Parley.Server.Live;
using Parley.Server.Loops;

namespace Parley.Server.Sessions;

/// <summary>Tells whoever waits on this node that something was said in a conversation.</summary>
internal sealed class SessionSignals(TimeProvider time) : ISessionSignal, IWakeListener
{
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Watcher, bool>> watchers = new();

    /// <inheritdoc/>
    public ISessionWatch Watch(Guid conversationId)
    {
        var watcher = new Watcher(this, conversationId, time);
        watchers.GetOrAdd(conversationId, static _ => new())[watcher] = true;
        return watcher;
    }

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        if (!watchers.IsEmpty && watchers.TryGetValue(hint.ConversationId, out var waiting))
        {
            foreach (var watcher in waiting.Keys)
            {
                watcher.Signal.Set();
            }
        }
    }

    /// <summary>One who is missed when the last leaves at the same time looks by itself a second later.</summary>
    private void Remove(Watcher watcher)
    {
        if (watchers.TryGetValue(watcher.ConversationId, out var waiting) && waiting.TryRemove(watcher, out _) && waiting.IsEmpty)
        {
            watchers.TryRemove(KeyValuePair.Create(watcher.ConversationId, waiting));
        }
    }

    private sealed class Watcher(SessionSignals all, Guid conversationId, TimeProvider time) : ISessionWatch
    {
        public Guid ConversationId => conversationId;

        public LoopSignal Signal { get; } = new();

        public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => Signal.WaitAsync(atMost, time, cancellationToken);

        public void Dispose() => all.Remove(this);
    }
}
