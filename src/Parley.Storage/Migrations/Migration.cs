using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Parley.Storage.Migrations;

/// <summary>One numbered step of the schema.</summary>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    /// <summary>The steps built into this program, for one database, in order.</summary>
    public static IReadOnlyList<Migration> Embedded(Dialect dialect) => From(typeof(Migration).Assembly, dialect);

    /// <summary>The resources <c>….Migrations.Sqlite.NNNN_name.sql</c> or <c>….Migrations.Postgres.NNNN_name.sql</c> of an assembly.</summary>
    public static IReadOnlyList<Migration> From(Assembly assembly, Dialect dialect)
    {
        var folder = dialect.IsPostgres ? "Postgres" : "Sqlite";
        return [.. assembly.GetManifestResourceNames()
            .Select(resource => (resource, match: ResourceName().Match(resource)))
            .Where(found => found.match.Success && found.match.Groups["folder"].Value == folder)
            .Select(found => new Migration(
                int.Parse(found.match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture),
                found.match.Groups["name"].Value,
                Read(assembly, found.resource)))
            .OrderBy(migration => migration.Number)];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\.Migrations\.(?<folder>Sqlite|Postgres)\.(?<number>\d{4})_(?<name>[^.]+)\.sql$")]
    private static partial Regex ResourceName();
}
