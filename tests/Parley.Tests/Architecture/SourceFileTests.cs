using System.Text.RegularExpressions;

namespace Parley.Tests.Architecture;

public sealed partial class SourceFileTests
{
    [Fact]
    public void The_namespace_of_a_file_is_its_folder()
    {
        var wrong = from file in SourceTree.CSharp
                    let project = SourceTree.Projects.FirstOrDefault(project => file.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal))
                    where project is not null
                    let expected = (project.RootNamespace + file.Folder[project.Folder.Length..]).Replace('/', '.')
                    from Match declared in NamespaceDeclaration().Matches(SourceTree.CodeOf(file.Text))
                    where declared.Groups[1].Value != expected
                    select $"{file.Path} declares {declared.Groups[1].Value} instead of {expected}";

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void A_name_says_what_a_thing_is()
    {
        var names = SourceTree.CSharp.Select(file => (file.Path, Names: TypeDeclaration().Matches(SourceTree.CodeOf(file.Text)).Select(match => match.Groups[1].Value)
            .Concat(file.Path.Split('/', '.'))));

        names.SelectMany(entry => entry.Names.Where(name => Vague().IsMatch(name)).Select(name => $"{entry.Path}: {name}")).ShouldBeEmpty();
    }

    [Fact]
    public void No_file_is_longer_than_500_lines_and_95_of_100_are_shorter_than_250()
    {
        var lengths = SourceTree.CSharp.Select(file => (file.Path, file.Lines)).OrderByDescending(file => file.Lines).ToList();

        lengths.Where(file => file.Lines > 500).ShouldBeEmpty();
        var allowed = Math.Max(1, lengths.Count / 20);
        lengths.Where(file => file.Lines >= 250).Skip(allowed).ShouldBeEmpty($"{lengths.Count} files, of which {allowed} may have 250 lines or more");
    }

    [Fact]
    public void No_tracked_file_names_a_path_of_somebodys_machine()
    {
        var found = from file in SourceTree.Tracked
                    where !Foreign().IsMatch(file.Path)
                    from line in File.ReadLines(Repository.PathOf(file.Path)).Select((text, index) => (Text: text, Number: index + 1))
                    let match = MachinePath().Match(line.Text)
                    where match.Success
                    select $"{file.Path}:{line.Number} names {match.Value}";

        found.ShouldBeEmpty();
    }

    [Fact]
    public void A_shell_script_starts_with_its_interpreter_and_may_be_run()
    {
        foreach (var file in SourceTree.Tracked.Where(file => file.Text.StartsWith("#!", StringComparison.Ordinal)))
        {
            File.GetUnixFileMode(Repository.PathOf(file.Path)).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue(file.Path);
        }
    }

    [GeneratedRegex(@"\bnamespace\s+([\w.]+)")]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(?:class\s+|struct\s+)?([A-Z]\w*)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("(Utils?|Utilities|Utility|Helpers?|Common|Managers?)$")]
    private static partial Regex Vague();

    [GeneratedRegex("(^|/)(package-lock\\.json|packages\\.lock\\.json)$|\\.(png|ico|jpg|woff2?)$")]
    private static partial Regex Foreign();

    // Written in pieces, so that this file does not name one.
    [GeneratedRegex("(?<![\\w.~$}-])/(?:" + "work|root|workspace" + ")/[\\w.-]|(?<![\\w.~$}-])/(?:" + "home|Users" + ")/[a-z][\\w-]*/|(?<![\\w.~$}/-])/(?:" + "tmp" + ")/(?!\\.\\.\\.)[\\w.-]|\\b[A-Z]:\\\\(?:Users|src)")]
    private static partial Regex MachinePath();
}
