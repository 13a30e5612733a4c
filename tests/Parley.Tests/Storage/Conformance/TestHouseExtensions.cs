using Parley.Core;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;

namespace Parley.Tests.Storage.Conformance;

internal static class TestHouseExtensions
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The refusal of a call, with the code it must have.</summary>
    public static async Task<ParleyError> RefusedAsync(this Task call, ErrorCode code)
    {
        var error = await Should.ThrowAsync<ParleyError>(() => call);
        error.Code.ShouldBe(code, error.Message);
        error.Fix.ShouldNotBeEmpty();
        return error;
    }

    /// <summary>Checks that a call is refused and leaves every row of every table as it was.</summary>
    public static async Task<ParleyError> StoresNothingAsync(this TestHouse house, Func<Task> call, ErrorCode code)
    {
        var before = await house.ContentsAsync();
        var woken = house.Wake.Hints.Count;
        // Some refuse before they return a task.
        async Task RunAsync() => await call();
        var error = await RunAsync().RefusedAsync(code);
        (await house.ContentsAsync()).ShouldBe(before);
        house.Wake.Hints.Count.ShouldBe(woken);
        return error;
    }

    /// <summary>Every table with its number of rows and everything in them.</summary>
    public static Task<List<string>> ContentsAsync(this TestHouse house) => house.Database.Engine.ReadAsync(
        async session =>
        {
            var contents = new List<string>();
            foreach (var table in await session.ListAsync(TablesSql(session), row => row.Text(0)))
            {
                contents.Add($"{table}: {await session.FirstAsync(await RowsSqlAsync(session, table), row => $"{row.Long(0)} {row.TextOrNull(1)}")}");
            }

            contents.Count.ShouldBeGreaterThan(15);
            return contents;
        },
        Ct);

    /// <summary>Adds another tenant with its owner and a project of the same name as the first one's.</summary>
    public static Task<Caller> OrganizationAsync(this TestHouse house, string name) => house.Database.WriteAsync(
        unit =>
        {
            var organization = new Organization(Guid.CreateVersion7(house.Now), name, Features.All, house.Now);
            var owner = new User(Guid.CreateVersion7(house.Now), organization.Id, Bootstrap.OwnerName, Role.Owner, house.Now);
            var project = new Project(Guid.CreateVersion7(house.Now), organization.Id, Bootstrap.DefaultName, house.Now);
            unit.Organizations.Add(organization);
            unit.Organizations.AddUser(owner);
            unit.Organizations.AddProject(project);
            unit.Conversations.Add(Conversation.ChannelOf(organization.Id, project.Id, Conversation.DefaultChannel, house.Now));
            return ValueTask.FromResult(TestHouse.Person(organization.Id, owner));
        },
        Ct);

    /// <summary>Adds a person to the first organization.</summary>
    public static async Task<Caller> UserAsync(this TestHouse house, string name, Role role) =>
        TestHouse.Person(house.Owner.OrganizationId, await new AddUser(house.Database, house.Clock).RunAsync(house.Owner, name, role, Ct));

    private static string TablesSql(Session session) => session.Dialect.IsPostgres
        ? "select tablename::text from pg_tables where schemaname = 'public' order by 1"
        : "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name not like 'message\\_search%' escape '\\' order by 1";

    private static async ValueTask<string> RowsSqlAsync(Session session, string table)
    {
        if (session.Dialect.IsPostgres)
        {
            return $"select count(*), string_agg(t::text, '|' order by t::text) from {table} t";
        }

        var columns = await session.ListAsync("select name from pragma_table_info($1)", row => $"quote(\"{row.Text(0)}\")", table);
        return $"select count(*), group_concat({string.Join(" || ',' || ", columns)}, '|') from {table}";
    }
}
