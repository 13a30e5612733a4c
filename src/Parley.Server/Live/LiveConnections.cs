using System.Collections.Concurrent;
using System.Threading.Channels;
using Parley.Core;

namespace Parley.Server.Live;

/// <summary>
/// Who is connected to this node, and the way from a commit to them. A message for many is handed out by one worker, so that its sender
/// has its answer first.
/// </summary>
internal sealed class LiveConnections : IWakeListener
{
    private const int Inline = 16;
    private const int AtOnce = 32;
    private readonly ConcurrentDictionary<Guid, IInboxListener[]> agents = new();
    private readonly ConcurrentDictionary<Guid, IProjectListener[]> projects = new();
    private readonly ConcurrentDictionary<Guid, IConversationListener[]> conversations = new();
    private readonly Channel<WakeHint> fanOut = Channel.CreateBounded<WakeHint>(
        new BoundedChannelOptions(4096) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>The agents with a live connection here.</summary>
    public ICollection<Guid> Agents => agents.Keys;

    public bool IsConnected(Guid agentId) => agents.ContainsKey(agentId);

    public IEnumerable<IInboxListener> Listeners => agents.Values.SelectMany(listeners => listeners);

    public IEnumerable<IProjectListener> ProjectListeners => projects.Values.SelectMany(listeners => listeners);

    public void Add(IInboxListener listener) => Add(agents, listener.Caller.Id, listener);

    public void Remove(IInboxListener listener) => Remove(agents, listener.Caller.Id, listener);

    public void Add(IProjectListener listener) => Add(projects, listener.ProjectId, listener);

    public void Remove(IProjectListener listener) => Remove(projects, listener.ProjectId, listener);

    public void Add(IConversationListener listener) => Add(conversations, listener.ConversationId, listener);

    public void Remove(IConversationListener listener) => Remove(conversations, listener.ConversationId, listener);

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        if (hint.Recipients.Count > Inline)
        {
            fanOut.Writer.TryWrite(hint);
        }
        else
        {
            Deliver(hint, toFlush: null);
        }
    }

    /// <summary>Hands out what is for many, until the server stops: all that was committed together leaves each connection in one write.</summary>
    public async Task<bool> RunFanOutAsync(CancellationToken cancellationToken)
    {
        var touched = new HashSet<IInboxListener>();
        while (await fanOut.Reader.WaitToReadAsync(cancellationToken))
        {
            for (var i = 0; i < AtOnce && fanOut.Reader.TryRead(out var hint); i++)
            {
                Deliver(hint, touched);
            }

            foreach (var listener in touched)
            {
                listener.Flush();
            }

            touched.Clear();
        }

        return false;
    }

    /// <summary>Makes every connection look again: what was halted may go on.</summary>
    public void CheckAll()
    {
        foreach (var listener in Listeners)
        {
            listener.Check(0);
        }
    }

    /// <summary>Tells those who listen to the agent how far its inbox has come.</summary>
    public void Check(InboxPosition head)
    {
        foreach (var listener in agents.GetValueOrDefault(head.AgentId, []))
        {
            listener.Check(head.Number);
        }
    }

    private void Deliver(in WakeHint hint, HashSet<IInboxListener>? toFlush)
    {
        var frame = hint.Message is null ? null : new SharedFrame(hint.Message);
        for (var i = 0; i < hint.Recipients.Count; i++)
        {
            var recipient = hint.Recipients[i];
            if (agents.TryGetValue(recipient.AgentId, out var listeners))
            {
                foreach (var listener in listeners)
                {
                    if (listener.Offer(recipient.Number, frame) && toFlush?.Add(listener) is null)
                    {
                        listener.Flush();
                    }
                }
            }
        }

        foreach (var listener in conversations.GetValueOrDefault(hint.ConversationId, []))
        {
            listener.Check();
        }

        if (hint.Message is { ProjectId: { } project } && projects.TryGetValue(project, out var observers))
        {
            foreach (var observer in observers)
            {
                observer.Check();
            }
        }
    }

    private static void Add<T>(ConcurrentDictionary<Guid, T[]> all, Guid id, T listener) =>
        all.AddOrUpdate(id, static (_, added) => [added], static (_, there, added) => [.. there, added], listener);

    private static void Remove<T>(ConcurrentDictionary<Guid, T[]> all, Guid id, T listener)
        where T : class
    {
        while (all.TryGetValue(id, out var there))
        {
            T[] left = [.. there.Where(other => other != listener)];
            if (left.Length == 0 ? all.TryRemove(KeyValuePair.Create(id, there)) : all.TryUpdate(id, left, there))
            {
                return;
            }
        }
    }
}

/// <summary>A person's connection that shows a project's channels.</summary>
internal interface IProjectListener
{
    /// <summary>The project.</summary>
    Guid ProjectId { get; }

    /// <summary>Something may be new. Returns at once.</summary>
    void Check();
}

/// <summary>Somebody who follows one conversation as a whole.</summary>
internal interface IConversationListener
{
    /// <summary>The conversation.</summary>
    Guid ConversationId { get; }

    /// <summary>Something may be new. Returns at once.</summary>
    void Check();
}
