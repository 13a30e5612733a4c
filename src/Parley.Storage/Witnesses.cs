namespace Parley.Storage;

/// <summary>
/// The last messages that this process knows to be stored. Where another server has taken the primary's place they tell whether it has everything that was acknowledged: the newest would be the first to be missing.
/// </summary>
internal sealed class Witnesses
{
    private const int Most = 64;
    private readonly Lock gate = new();
    private readonly Queue<Guid> messages = new(Most);

    /// <summary>A commit with that message was acknowledged.</summary>
    public void Note(Guid message)
    {
        lock (gate)
        {
            if (messages.Count == Most)
            {
                messages.Dequeue();
            }

            messages.Enqueue(message);
        }
    }

    /// <summary>Whether one of them is missing.</summary>
    public async ValueTask<bool> MissAsync(Session session)
    {
        Guid[] known;
        lock (gate)
        {
            known = [.. messages];
        }

        return known.Length > 0 && await session.FirstAsync("select count(*) from messages where id = any($1)", row => row.Int(0), known) < known.Length;
    }

    /// <summary>Begins anew: what is missing was told.</summary>
    public void Clear()
    {
        lock (gate)
        {
            messages.Clear();
        }
    }
}
