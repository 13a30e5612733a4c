using System.Text.RegularExpressions;
using Parley.Storage;
using Parley.Storage.Migrations;

namespace Parley.Tests.Storage.Engine;

/// <summary>What an author of a migration has to say and to keep.</summary>
public sealed partial class MigrationTests
{
    /// <summary>The first migration that had to say with which programs it works.</summary>
    private const int Since = 16;

    [Fact]
    public void Every_migration_says_the_least_that_a_running_program_must_know_and_demands_no_more_where_nodes_share_a_database()
    {
        var (sqlite, postgres) = (Migration.Embedded(Dialect.Sqlite), Migration.Embedded(Dialect.Postgres));
        sqlite.Select(migration => (migration.Number, migration.Name)).ShouldBe(postgres.Select(migration => (migration.Number, migration.Name)));
        sqlite.Zip(postgres).Where(pair => pair.First.CompatibleFrom < pair.Second.CompatibleFrom).ShouldBeEmpty();
        sqlite.Concat(postgres).Where(migration => migration.Number >= Since && !Stated().IsMatch(migration.Sql)).Select(migration => migration.Name)
            .ShouldBeEmpty("the first line of a migration is '-- compatible from: N' (docs/decisions/0012-nodes-of-two-versions.md)");
        sqlite.Concat(postgres).Where(migration => migration.CompatibleFrom > migration.Number).ShouldBeEmpty();
    }

    [Fact]
    public void A_migration_with_which_older_programs_work_takes_nothing_away_from_them()
    {
        var wrong = from migration in Migration.Embedded(Dialect.Sqlite).Concat(Migration.Embedded(Dialect.Postgres))
                    where migration.CompatibleFrom < migration.Number
                    from taken in TakenAway(Comment().Replace(migration.Sql, ""))
                    select $"{migration.Number} {migration.Name}: {taken}";
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("alter table a drop column b", true)]
    [InlineData("alter table a rename to c", true)]
    [InlineData("drop table a", true)]
    [InlineData("alter table a add column b bigint not null", true)]
    [InlineData("alter table a alter column b set not null", true)]
    [InlineData("create unique index a_b on a (b)", true)]
    [InlineData("alter table a add column b bigint not null default 0", false)]
    [InlineData("alter table a add column b text", false)]
    [InlineData("create table a (b bigint not null, c text); create unique index a_b on a (b)", false)]
    [InlineData("create index a_b on a (b)", false)]
    [InlineData("drop index a_b", false)]
    public void What_takes_something_away_is_recognized(string sql, bool takesAway) => TakenAway(sql).Any().ShouldBe(takesAway);

    /// <summary>What breaks a statement of an older program. It knows nothing of a table that is made in the same step.</summary>
    private static IEnumerable<string> TakenAway(string sql) =>
        TakesAway().Matches(sql).Where(match => !(match.Groups["on"] is { Success: true } table && sql.Contains($"create table {table.Value} ", StringComparison.OrdinalIgnoreCase))).Select(match => match.Value);

    [GeneratedRegex(@"\A-- compatible from: \d+\s*$", RegexOptions.Multiline)]
    private static partial Regex Stated();

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bdrop (table|column|view|function|trigger)\b|\brename\b|\bset not null\b|\badd column [^,;]*\bnot null(?![^,;]*\bdefault\b)|\bcreate unique index \w+ on (?<on>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex TakesAway();
}
