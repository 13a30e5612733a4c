using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>
/// What a commit means, by the settings as they are: read at the start, on every new connection, after every outage and every second. Where two
/// sessions of the pool no longer agree, as after a change for the role alone, all begin anew.
/// </summary>
internal sealed class PostgresDurability(bool relaxed)
{
    private readonly AsyncLocal<bool> settling = new();
    private PostgresSettings? settings;
    private volatile bool disagree;
    private volatile string? timeline;

    /// <summary>Asked for by name it is always called relaxed.</summary>
    public string Current => relaxed ? "relaxed" : Volatile.Read(ref settings)?.Durability ?? "disk";

    /// <summary>Which history of the server commits go to, and what they mean there; null before a server that writes was seen.</summary>
    public Lineage? Lineage => Volatile.Read(ref settings) is { Timeline: { } on } ? new Lineage(on, Current) : null;

    /// <summary>
    /// True in a flow that may use a server on a new timeline, to find out what that means for the store. Everybody else is kept off until
    /// <see cref="Settled"/>.
    /// </summary>
    public bool IsSettling
    {
        get => settling.Value;
        set => settling.Value = value;
    }

    /// <summary>The store knows of the timeline: whoever opens a connection to another one is refused.</summary>
    public void Settled() => timeline = Volatile.Read(ref settings)?.Timeline ?? timeline;

    /// <summary>Looks at a session of the pool. Throws <c>storage_unavailable</c> where its settings would lose what was answered.</summary>
    public async Task CheckAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using (var connection = await source.OpenConnectionAsync(ct))
        {
            await SeenAsync(connection, ct);
        }

        if (disagree)
        {
            disagree = false;
            source.Clear();
        }
    }

    /// <summary>Looks at a new session.</summary>
    public Task SeenAsync(NpgsqlConnection connection) => SeenAsync(connection, CancellationToken.None);

    private async Task SeenAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var found = await PostgresSettings.ReadAsync(connection, ct);
        var before = Interlocked.Exchange(ref settings, found);
        disagree |= before is not null && before != found;
        if (!relaxed && found.Unsafe is not null)
        {
            throw found.Refusal();
        }

        if (timeline is { } known && found.Timeline is { } now && known != now && !IsSettling)
        {
            throw new NpgsqlException("another server has become the primary, or a backup was restored");
        }
    }
}
