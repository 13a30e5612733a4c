namespace Parley.Tests.Architecture;

public sealed class ProjectTests
{
    /// <summary>What each project of the product may refer to. A project that is not listed here fails the test.</summary>
    private static readonly Dictionary<string, string[]> s_mayReferTo = new()
    {
        ["Parley.Core"] = [],
        ["Parley.Client"] = [],
        ["Parley.Storage"] = ["Parley.Core"],
        ["Parley.Runtimes"] = ["Parley.Core"],
        ["Parley.Server"] = ["Parley.Core", "Parley.Client"],
        ["Parley.Cli"] = ["Parley.Server", "Parley.Storage", "Parley.Runtimes", "Parley.Client"],
    };

    /// <summary>Packages that belong behind one wall, and the one project that may know them.</summary>
    private static readonly Dictionary<string, string> s_onlyIn = new()
    {
        ["Npgsql"] = "Parley.Storage",
        ["Dapper"] = "Parley.Storage",
        ["Microsoft.Data.Sqlite"] = "Parley.Storage",
        ["SQLitePCLRaw"] = "Parley.Storage",
        ["OpenAI"] = "Parley.Runtimes",
        ["Anthropic"] = "Parley.Runtimes",
        ["Microsoft.Extensions.AI"] = "Parley.Runtimes",
        ["Spectre.Console"] = "Parley.Cli",
        ["System.CommandLine"] = "Parley.Cli",
    };

    private static IEnumerable<Project> Product => SourceTree.Projects.Where(project => project.Folder.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void A_project_refers_only_to_the_projects_that_the_design_allows()
    {
        foreach (var project in Product)
        {
            s_mayReferTo.ShouldContainKey(project.Name);
            project.References.Except(s_mayReferTo[project.Name]).ShouldBeEmpty($"{project.Name} must not refer to these");
        }
    }

    [Fact]
    public void Drivers_and_model_libraries_stay_behind_their_wall()
    {
        var strays = from project in Product
                     from package in project.Packages
                     from wall in s_onlyIn
                     where package.StartsWith(wall.Key, StringComparison.Ordinal) && project.Name != wall.Value
                     select $"{project.Name} refers to {package}, which belongs in {wall.Value}";

        strays.ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_is_part_of_the_solution()
    {
        var solution = File.ReadAllText(Repository.PathOf("Parley.slnx"));

        SourceTree.Projects.Where(project => !project.Folder.StartsWith("samples/", StringComparison.Ordinal))
            .Select(project => $"{project.Folder}/{project.Name}.csproj").Where(path => !solution.Contains(path, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Package_versions_are_named_in_one_place()
    {
        SourceTree.Tracked.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(file => file.Text.Contains("PackageReference", StringComparison.Ordinal) && file.Text.Contains(" Version=", StringComparison.Ordinal))
            .Select(file => file.Path).ShouldBeEmpty();
    }
}
