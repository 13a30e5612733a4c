using Npgsql;

namespace Parley.Tests.Storage.SqlDoor;

/// <summary>SQL as an agent's role runs it.</summary>
internal static class SqlExtensions
{
    public static async Task<int> RunAsync(this NpgsqlDataSource source, string sql, params object[] args)
    {
        await using var command = Command(source, sql, args);
        return await command.ExecuteNonQueryAsync(DoorRig.Ct);
    }

    public static async Task<T?> ScalarAsync<T>(this NpgsqlDataSource source, string sql, params object[] args)
    {
        await using var command = Command(source, sql, args);
        var value = await command.ExecuteScalarAsync(DoorRig.Ct);
        return value is null or DBNull ? default : (T)value;
    }

    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataSource source, string sql, params object[] args)
    {
        await using var command = Command(source, sql, args);
        await using var reader = await command.ExecuteReaderAsync(DoorRig.Ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(DoorRig.Ct))
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    /// <summary>Inserts with the founding document's statement.</summary>
    public static Task<int> SayAsync(this NpgsqlDataSource source, string sender, string message, params string[] mentions) =>
        source.RunAsync("INSERT INTO agent_chat (sender, message, mentions) VALUES ($1, $2, $3)", sender, message, mentions);

    public static async Task<PostgresException> RefusedAsync(this Task statement, string code)
    {
        var refusal = await Should.ThrowAsync<PostgresException>(() => statement);
        refusal.Detail.ShouldBe(code, refusal.MessageText);
        refusal.Hint.ShouldNotBeNullOrEmpty();
        return refusal;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] args)
    {
        var command = source.CreateCommand(sql);
        foreach (var arg in args)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = arg });
        }

        return command;
    }
}
