using Npgsql;
using Parley.Core.Sessions;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Tests.Turns;

namespace Parley.Tests.Storage.SqlDoor;

public sealed class SqlRoleTests
{
    [Fact]
    public async Task A_new_password_ends_the_old_one_and_keeps_the_role()
    {
        await using var rig = await DoorRig.CreateAsync();
        await rig.AddAgentAsync("tesla");
        var first = await rig.IssueAsync("tesla");
        var second = await rig.IssueAsync("tesla");
        second.Role.ShouldBe(first.Role);
        second.Role.Name.ShouldMatch("^parley_[0-9a-f]{16}$");
        second.Role.Connection.ShouldContain($"user={second.Role.Name}");
        (await Should.ThrowAsync<PostgresException>(() => rig.Connect(first).RunAsync("select 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        (await rig.Connect(second).ScalarAsync<string>("show synchronous_commit")).ShouldBe("on");
    }

    [Fact]
    public async Task Only_who_manages_the_agent_may_make_its_role()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.AddAgentAsync("tesla");
        var member = await new AddUser(rig.Database, TimeProvider.System).RunAsync(rig.Owner, "mia", Role.Member, DoorRig.Ct);
        var mia = rig.Owner with { Id = member.Id, Name = "mia", Role = Role.Member };
        (await Should.ThrowAsync<ParleyError>(() => rig.IssueAsync("tesla", mia))).Code.ShouldBe(ErrorCode.Forbidden);
        (await Should.ThrowAsync<ParleyError>(() => rig.IssueAsync("tesla", tesla))).Code.ShouldBe(ErrorCode.Forbidden);
        (await Should.ThrowAsync<ParleyError>(() => rig.IssueAsync("ghost"))).Code.ShouldBe(ErrorCode.NotFound);
        var boss = await rig.AddOrganizationAsync("other");
        (await Should.ThrowAsync<ParleyError>(() => rig.IssueAsync("tesla", boss))).Code.ShouldBe(ErrorCode.NotFound);
    }

    [Fact]
    public async Task A_role_ends_with_its_agent_also_in_a_session_that_is_open()
    {
        await using var rig = await DoorRig.CreateAsync();
        await EndsAsync(rig, () => new RemoveAgent(rig.Database, new EndSession(rig.Send, new ScriptedPolicy()), rig.Send, [], rig, TimeProvider.System).RunAsync(rig.Owner, "tesla", DoorRig.Ct));
    }

    [Fact]
    public async Task A_revoked_role_ends_at_once_and_can_be_made_again()
    {
        await using var rig = await DoorRig.CreateAsync();
        var revoke = new RevokeSqlRole(rig.Database, TimeProvider.System);
        await EndsAsync(rig, () => revoke.RunAsync(rig.Owner, "tesla", DoorRig.Ct));
        (await Should.ThrowAsync<ParleyError>(() => revoke.RunAsync(rig.Owner, "tesla", DoorRig.Ct))).Code.ShouldBe(ErrorCode.NotFound);
        (await (await rig.ConnectAsync("tesla")).SayAsync("tesla", "again", "aaron")).ShouldBe(1);
    }

    [Fact]
    public async Task The_switch_of_the_feature_ends_all_roles_and_brings_back_those_not_revoked()
    {
        await using var rig = await DoorRig.CreateAsync();
        var features = new SetFeatures(rig.Database, TimeProvider.System);
        await EndsAsync(rig, () => features.RunAsync(rig.Owner, on => on & ~Features.SqlDoor, DoorRig.Ct));
        (await Should.ThrowAsync<ParleyError>(() => rig.IssueAsync("tesla"))).Code.ShouldBe(ErrorCode.FeatureOff);
        var aaron = await rig.Database.ReadAsync(unit => unit.Agents.FindAsync(rig.Owner.OrganizationId, "aaron"), DoorRig.Ct);
        await features.RunAsync(rig.Owner, on => on | Features.SqlDoor, DoorRig.Ct);
        (await rig.ConnectAsOwner().ListAsync<bool>("select rolcanlogin from pg_roles join parley_sql.sql_roles on name = rolname")).ShouldBe([true]);
        aaron.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_user_of_Parley_that_may_not_make_roles_is_told_what_to_do()
    {
        await using var server = NpgsqlDataSource.Create(await PostgresServer.ConnectionStringAsync());
        var name = $"owner_{Guid.NewGuid():N}";
        await server.RunAsync($"create role {name} login password 'secret'");
        await using (var postgres = await PostgresServer.CreateDatabaseAsync())
        {
            await server.RunAsync($"alter database {postgres.Name} owner to {name}");
            await using var database = await DoorRig.OpenAsync(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = name, Password = "secret", Pooling = false }.ConnectionString);
            var (organization, owner) = await new Bootstrap(database, TimeProvider.System).RunAsync(DoorRig.Ct);
            var caller = new Caller(CallerKind.User, organization.Id, owner.Id, owner.Name, Role.Owner, Scopes.All, Guid.Empty);
            await new AddAgent(database, TimeProvider.System).RunAsync(caller, new AddAgentInput("tesla"), DoorRig.Ct);
            var create = new CreateSqlRole(database, TimeProvider.System);
            var error = await Should.ThrowAsync<ParleyError>(() => create.RunAsync(caller, "tesla", DoorRig.Ct));
            error.Code.ShouldBe(ErrorCode.Forbidden);
            error.Fix.ShouldContain("CREATEROLE");

            await server.RunAsync($"alter role {name} createrole");
            var issued = await create.RunAsync(caller, "tesla", DoorRig.Ct);
            await using var role = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = issued.Role.Name, Password = issued.Password, Pooling = false }.ConnectionString);
            (await role.SayAsync("tesla", "hello")).ShouldBe(1);
            await Should.ThrowAsync<PostgresException>(() => role.RunAsync("create temp table x (id int)"));
            await new RevokeSqlRole(database, TimeProvider.System).RunAsync(caller, "tesla", DoorRig.Ct);
        }
    }

    [Fact]
    public async Task On_SQLite_there_are_no_roles_and_nothing_to_take()
    {
        using var folder = new TempFolder();
        await using var database = await Database.OpenAsync(new StorageOptions { SqlitePath = folder["parley.db"] }, TimeProvider.System, DoorRig.Ct);
        var (organization, owner) = await new Bootstrap(database, TimeProvider.System).RunAsync(DoorRig.Ct);
        var caller = new Caller(CallerKind.User, organization.Id, owner.Id, owner.Name, Role.Owner, Scopes.All, Guid.Empty);
        await new AddAgent(database, TimeProvider.System).RunAsync(caller, new AddAgentInput("tesla"), DoorRig.Ct);
        var error = await Should.ThrowAsync<ParleyError>(() => new CreateSqlRole(database, TimeProvider.System).RunAsync(caller, "tesla", DoorRig.Ct));
        error.Code.ShouldBe(ErrorCode.Conflict);
        error.Fix.ShouldContain("--database");
        await new SetFeatures(database, TimeProvider.System).RunAsync(caller, _ => Features.None, DoorRig.Ct);
        var send = new SendMessage(database, new Router(new HaltBoard()), null!, TimeProvider.System);
        await new RemoveAgent(database, new EndSession(send, new ScriptedPolicy()), send, [], null!, TimeProvider.System).RunAsync(caller, "tesla", DoorRig.Ct);
        (await new TakeSqlMessages(database, null!, null!, TimeProvider.System).RunOnceAsync(DoorRig.Ct)).ShouldBeFalse();
    }

    /// <summary>After the act an open session can neither write nor read, and a new one is not let in.</summary>
    private static async Task EndsAsync(DoorRig rig, Func<Task> act)
    {
        await rig.AddAgentAsync("tesla");
        await rig.AddAgentAsync("aaron");
        await rig.LinkAsync("tesla", "aaron");
        var issued = await rig.IssueAsync("tesla");
        await using var connection = await rig.Connect(issued).OpenConnectionAsync(DoorRig.Ct);
        await act();
        foreach (var statement in new[] { "insert into agent_chat (message) values ('x')", "select * from agent_chat", "select * from agent_messages" })
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(DoorRig.Ct));
        }

        await Should.ThrowAsync<PostgresException>(() => rig.Connect(issued).RunAsync("select 1"));
    }
}
