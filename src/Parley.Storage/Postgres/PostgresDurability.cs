using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>
/// What a commit means, by the settings as they are: read at the start, on every new connection, after every outage and every second. Where two
/// sessions of the pool no longer agree, as after a change for the role alone, all begin anew.
/// </summary>
internal sealed class PostgresDurability(bool relaxed)
{
    private PostgresSettings? settings;
    private volatile bool disagree;

    /// <summary>Asked for by name it is always called relaxed.</summary>
    public string Current => relaxed ? "relaxed" : Volatile.Read(ref settings)?.Durability ?? "disk";

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
    }
}
