using Npgsql;
using Parley.Core;
using Parley.Storage;
using Parley.Storage.Migrations;
using Parley.Storage.Postgres;

namespace Parley.Tests.Storage.Engine;

/// <summary>G1 and G2: what an answer says of a commit is what PostgreSQL is set to do, also where that changes.</summary>
public sealed class PostgresDurabilityTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("on", "on", "on", "", "disk")]
    [InlineData("on", "on", "on", "  ", "disk")]
    [InlineData("on", "on", "on", "*", "disk+replica")]
    [InlineData("on", "on", "remote_apply", "ANY 1 (a, b)", "disk+replica")]
    [InlineData("on", "on", "remote_write", "a", "disk")]
    [InlineData("on", "on", "local", "a", "disk")]
    [InlineData("on", "on", "off", "a", "relaxed")]
    [InlineData("off", "on", "on", "a", "relaxed")]
    [InlineData("on", "off", "on", "a", "relaxed")]
    public void A_replica_counts_only_where_the_commit_waits_for_its_flush(string fsync, string pages, string commit, string standbys, string durability) =>
        new PostgresSettings(fsync, pages, commit, standbys).Durability.ShouldBe(durability);

    [Fact]
    public async Task A_commit_that_no_standby_confirms_is_an_unknown_outcome_and_sending_resumes_by_itself()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var engine = await OpenAsync(postgres);
        engine.Durability.ShouldBe("disk");
        await postgres.SetAsync("set synchronous_standby_names = 'nobody'");
        await UntilAsync(engine, () => engine.Durability == "disk+replica");

        var refusal = await RefusedAsync(engine).Within(EngineExtensions.Patience);
        refusal.Code.ShouldBe(ErrorCode.OutcomeUnknown);
        engine.Health.State.ShouldBe(StorageState.Faulted);
        (await engine.TextsAsync()).ShouldContain("waits", "it is stored here, so 'nothing was stored' would have been a lie");

        var ready = engine.NextAsync(StorageState.Ready);
        await postgres.SetAsync("reset synchronous_standby_names");
        await ready;
        await UntilAsync(engine, () => engine.Durability == "disk");
        await engine.InsertAsync("after");
    }

    [Fact]
    public async Task A_server_that_ceases_to_flush_is_refused_while_it_runs()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var engine = await OpenAsync(postgres);
        await postgres.SetAsync("set fsync = off");
        await UntilAsync(engine, () => engine.Health.State == StorageState.Faulted);
        engine.Health.Reason.ShouldNotBeNull().ShouldContain("fsync = off");
        await engine.InsertAsync("lost").RefusedAsync(ErrorCode.StorageUnavailable);
        var ready = engine.NextAsync(StorageState.Ready);
        await postgres.SetAsync("reset fsync");
        await ready;
        await engine.InsertAsync("after");
        (await engine.TextsAsync()).ShouldBe(["after"]);
    }

    [Fact]
    public async Task A_role_whose_new_sessions_do_not_flush_is_refused()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var engine = await OpenAsync(postgres);
        await postgres.ExecuteAsync("alter role parley set synchronous_commit = off");
        await postgres.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = 'tested'");
        await UntilAsync(engine, () => engine.Health.State == StorageState.Faulted && engine.Health.Reason!.Contains("synchronous_commit", StringComparison.Ordinal));
        await engine.InsertAsync("lost").RefusedAsync(ErrorCode.StorageUnavailable);
    }

    private static async Task<PostgresEngine> OpenAsync(PrivatePostgres postgres)
    {
        var address = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { CommandTimeout = 1, ApplicationName = "tested" };
        var engine = await PostgresEngine.OpenAsync(new StorageOptions { PostgresConnectionString = address.ConnectionString }, TimeProvider.System, Ct);
        await new MigrationRunner(engine, [new Migration(1, "entry", "create table entry(id bigserial primary key, text text, number bigint)")], TimeProvider.System).RunAsync(Ct);
        return engine;
    }

    /// <summary>The server's processes learn of a new setting one after the other: a few commits may still be done before.</summary>
    private static async Task<ParleyError> RefusedAsync(PostgresEngine engine)
    {
        while (true)
        {
            try
            {
                await engine.InsertAsync("waits");
            }
            catch (ParleyError refusal)
            {
                return refusal;
            }
        }
    }

    private static async Task UntilAsync(PostgresEngine engine, Func<bool> reached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!reached())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(EngineExtensions.Patience);
            await engine.RefreshAsync(Ct);
        }
    }
}
