using Npgsql;

namespace Parley.Tests.Support;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task Every_database_is_fresh_and_gone_after_the_test()
    {
        var server = await PostgresServer.ConnectionStringAsync();
        string name;
        await using (var first = await PostgresServer.CreateDatabaseAsync())
        await using (var second = await PostgresServer.CreateDatabaseAsync())
        {
            name = first.Name;
            await AskAsync(first.ConnectionString, "CREATE TABLE notes (id int)");

            (await AskAsync(second.ConnectionString, "SELECT count(*) FROM pg_tables WHERE tablename = 'notes'")).ShouldBe(0L);
        }

        (await AskAsync(server, $"SELECT count(*) FROM pg_database WHERE datname = '{name}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_template_is_prepared_once_and_copied_for_each_test()
    {
        var prepared = 0;
        async Task Prepare(string connectionString)
        {
            Interlocked.Increment(ref prepared);
            await AskAsync(connectionString, "CREATE TABLE notes AS SELECT 1 AS id");
        }

        await using var first = await PostgresServer.CreateDatabaseFromAsync("notes", Prepare);
        await using var second = await PostgresServer.CreateDatabaseFromAsync("notes", Prepare);
        await AskAsync(first.ConnectionString, "DELETE FROM notes");

        (await AskAsync(second.ConnectionString, "SELECT count(*) FROM notes")).ShouldBe(1L);
        prepared.ShouldBe(1);
    }

    [Fact]
    public async Task The_server_flushes_before_it_answers()
    {
        var server = await PostgresServer.ConnectionStringAsync();

        (await AskAsync(server, "SHOW fsync")).ShouldBe("on");
        (await AskAsync(server, "SHOW synchronous_commit")).ShouldBe("on");
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
