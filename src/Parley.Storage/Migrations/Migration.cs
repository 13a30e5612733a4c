using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Parley.Storage.Migrations;

/// <summary>One numbered step of the schema.</summary>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    /// <summary>
    /// The least number that a program must know to work on a database with this step: what its first line says, as in <c>-- compatible from: 15</c>; without one its own, so
    /// that no older program does.
    /// </summary>
    public int CompatibleFrom { get; } = StatedBy().Match(Sql) is { Success: true } stated ? int.Parse(stated.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : Number;

    /// <summary>The number of the newest step built into this program; both databases have the same.</summary>
    public static int Newest { get; } = Embedded(Dialect.Sqlite)[^1].Number;

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

    [GeneratedRegex(@"\A-- compatible from: (\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex StatedBy();

    [GeneratedRegex(@"\.Migrations\.(?<folder>Sqlite|Postgres)\.(?<number>\d{4})_(?<name>[^.]+)\.sql$")]
    private static partial Regex ResourceName();
}
