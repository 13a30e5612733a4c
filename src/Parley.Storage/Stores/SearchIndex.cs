using System.Globalization;

namespace Parley.Storage.Stores;

/// <summary>
/// SQLite's full-text index. A send does not pay for it: it is brought up to date when somebody searches and when the server is idle.
/// PostgreSQL keeps its own index with every insert.
/// </summary>
internal sealed class SearchIndex(Session session)
{
    private const string Progress = "search_seq";

    /// <summary>Indexes the next messages and returns how many.</summary>
    public async ValueTask<int> CatchUpAsync(int limit)
    {
        if (session.Dialect.IsPostgres)
        {
            return 0;
        }

        var done = await DoneAsync();
        var last = await session.FirstAsync(
            "select max(seq), count(*) from (select seq from messages where seq > $1 order by seq limit $2)", row => (Seq: row.LongOrNull(0), Count: row.Int(1)), done, limit);
        if (last.Seq is not { } seq)
        {
            return 0;
        }

        session.Queue("insert into message_search (rowid, content) select seq, content from messages where seq > $1 and seq <= $2", done, seq);
        session.Queue(
            "insert into store (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value", Progress, seq.ToString(CultureInfo.InvariantCulture));
        return last.Count;
    }

    /// <summary>Takes a message's words out, before its text is changed.</summary>
    public async ValueTask ForgetAsync(Guid id)
    {
        if (!session.Dialect.IsPostgres)
        {
            session.Queue("insert into message_search (message_search, rowid, content) select 'delete', seq, content from messages where id = $1 and seq <= $2", id, await DoneAsync());
        }
    }

    /// <summary>Puts a message's words in, after its text was changed, unless its turn is still to come.</summary>
    public async ValueTask AddAsync(Guid id)
    {
        if (!session.Dialect.IsPostgres)
        {
            session.Queue("insert into message_search (rowid, content) select seq, content from messages where id = $1 and seq <= $2", id, await DoneAsync());
        }
    }

    /// <summary>Forgets everything; it is indexed again as if it had just been written.</summary>
    public async ValueTask ClearAsync()
    {
        if (!session.Dialect.IsPostgres)
        {
            await session.ExecuteAsync("insert into message_search (message_search) values ('delete-all')");
            await session.ExecuteAsync("delete from store where key = $1", Progress);
        }
    }

    /// <summary>After messages were deleted: SQLite gives the place of the last one out again, and the next message there must be indexed too.</summary>
    public async ValueTask StepBackAsync()
    {
        if (!session.Dialect.IsPostgres)
        {
            var last = await session.FirstAsync("select coalesce(max(seq), 0) from messages", row => row.Long(0));
            session.Queue("update store set value = $2 where key = $1 and cast(value as integer) > $3", Progress, last.ToString(CultureInfo.InvariantCulture), last);
        }
    }

    private async ValueTask<long> DoneAsync() =>
        long.Parse(await session.FirstAsync("select value from store where key = $1", row => row.Text(0), Progress) ?? "0", CultureInfo.InvariantCulture);
}
