using System.Collections.Frozen;

namespace Parley.Core.Organizations;

/// <summary>
/// What is halted, as this node knows it: asked before every send and every hand-over, so that a halt acts at once and
/// also while the database cannot be written. The database is the truth; the board is read again from it every second.
/// </summary>
public sealed class HaltBoard : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Dictionary<(HaltScope, Guid), Halt> unwritten = [];
    private long version;
    private volatile FrozenDictionary<(HaltScope, Guid), Halt> current = FrozenDictionary<(HaltScope, Guid), Halt>.Empty;

    /// <summary>Raised after something was halted or released on this node's board.</summary>
    public event Action? Changed;

    /// <summary>Everything halted now.</summary>
    public IEnumerable<Halt> All => current.Values;

    /// <summary>Halts that could not be written yet.</summary>
    public IReadOnlyList<Halt> Unwritten
    {
        get
        {
            lock (gate)
            {
                return [.. unwritten.Values];
            }
        }
    }

    /// <summary>The halt of one thing, or null.</summary>
    public Halt? Find(HaltScope scope, Guid id) => current.GetValueOrDefault((scope, id));

    /// <summary>The halt that stops an agent: its own, its organization's or the server's; or null.</summary>
    public Halt? OfAgent(Guid organizationId, Guid agentId) =>
        current.Count == 0 ? null : Find(HaltScope.Server, Guid.Empty) ?? Find(HaltScope.Organization, organizationId) ?? Find(HaltScope.Agent, agentId);

    /// <summary>Throws <see cref="ErrorCode.Halted"/> if that thing is halted.</summary>
    public void Check(HaltScope scope, Guid id, string what)
    {
        if (current.Count > 0 && Find(scope, id) is { } halt)
        {
            throw Refusal(halt, what);
        }
    }

    /// <summary>The refusal of a send that a halt stops.</summary>
    public static ParleyError Refusal(Halt halt, string what)
    {
        var reason = halt.Reason.Length == 0 ? "" : $": {halt.Reason}";
        return new ParleyError(ErrorCode.Halted, $"{what} is halted{reason}.", "A person can release it: 'parley halts' lists it, 'parley resume' ends it.");
    }

    /// <summary>Counts what was pulled, written and released on this node: taken before the database is read, handed to <see cref="Replace"/> afterwards.</summary>
    public long Version
    {
        get
        {
            lock (gate)
            {
                return version;
            }
        }
    }

    /// <summary>
    /// Takes what the database says; what could not be written yet stays. Does nothing where this node pulled or released something since
    /// <paramref name="asOf"/>, because what was read may be older than that; the next reading is not.
    /// </summary>
    public void Replace(IEnumerable<Halt> halts, long asOf)
    {
        lock (gate)
        {
            if (asOf == version)
            {
                Publish(halts.Concat(unwritten.Values));
            }
        }
    }

    /// <summary>
    /// Runs a release while no halt is written later than it was pulled, and keeps such writes away meanwhile: side by side, a halt could be written
    /// after its release and would come back. Throws what the release throws.
    /// </summary>
    public async Task InTurnAsync(Func<Task> release, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await release();
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Writes what could not be written when it was pulled, unless a release is under way: another round does it then, and nobody waits for a slow one.</summary>
    public async Task WriteLaterAsync(Func<Task> write)
    {
        if (Unwritten.Count == 0 || !await writing.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            return;
        }

        try
        {
            await write();
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Halts at once on this node, before it is written.</summary>
    public void Pull(Halt halt)
    {
        lock (gate)
        {
            version++;
            unwritten[(halt.Scope, halt.TargetId)] = halt;
            Publish(current.Values.Append(halt));
        }
    }

    /// <summary>Says that the halt is in the database now.</summary>
    public void Written(Halt halt)
    {
        lock (gate)
        {
            version++;
            if (unwritten.GetValueOrDefault((halt.Scope, halt.TargetId)) == halt)
            {
                unwritten.Remove((halt.Scope, halt.TargetId));
            }
        }
    }

    /// <summary>Releases at once on this node.</summary>
    public void Release(HaltScope scope, Guid id)
    {
        lock (gate)
        {
            version++;
            unwritten.Remove((scope, id));
            Publish(current.Values.Where(halt => halt.Scope != scope || halt.TargetId != id));
        }
    }

    /// <summary>Call when nothing is written any more.</summary>
    public void Dispose() => writing.Dispose();

    private void Publish(IEnumerable<Halt> halts)
    {
        var next = halts.GroupBy(halt => (halt.Scope, halt.TargetId)).ToFrozenDictionary(group => group.Key, group => group.Last());
        var changed = next.Count != current.Count || next.Keys.Any(key => !current.ContainsKey(key));
        current = next;
        if (changed)
        {
            Changed?.Invoke();
        }
    }
}
