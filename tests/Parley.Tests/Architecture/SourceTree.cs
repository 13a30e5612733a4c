using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Parley.Tests.Architecture;

/// <summary>A file of the repository, as a reader sees it.</summary>
/// <param name="Path">Relative to the root, with slashes.</param>
internal sealed record SourceFile(string Path)
{
    public string Text => File.ReadAllText(Repository.PathOf(Path));

    public string Folder => Path[..Path.LastIndexOf('/')];

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public int Lines => File.ReadLines(Repository.PathOf(Path)).Count();
}

/// <summary>A project and what it refers to, by name.</summary>
internal sealed record Project(string Name, string Folder, string RootNamespace, IReadOnlyList<string> References, IReadOnlyList<string> Packages);

/// <summary>The tracked files and projects that the architecture tests look at.</summary>
internal static partial class SourceTree
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> s_tracked = new(() => [.. List()]);

    /// <summary>Everything that git tracks or would track; without git, everything outside build output.</summary>
    public static IReadOnlyList<SourceFile> Tracked => s_tracked.Value;

    public static IEnumerable<SourceFile> CSharp => Tracked.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Product => CSharp.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal));

    public static IReadOnlyList<Project> Projects { get; } =
        [.. Tracked.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Select(Read)];

    /// <summary>The text without comments and strings, so that only code is judged.</summary>
    public static string CodeOf(string text) => NotCode().Replace(text, " ");

    private static Project Read(SourceFile file)
    {
        var xml = XDocument.Parse(file.Text);
        var name = System.IO.Path.GetFileNameWithoutExtension(file.Name);
        IReadOnlyList<string> Included(string element) => [.. xml.Descendants(element).Select(e => e.Attribute("Include")?.Value).OfType<string>()];
        return new Project(
            name,
            file.Folder,
            xml.Descendants("RootNamespace").FirstOrDefault()?.Value ?? name,
            [.. Included("ProjectReference").Select(path => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))],
            Included("PackageReference"));
    }

    private static IEnumerable<SourceFile> List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.Root, "ls-files", "--cached", "--others", "--exclude-standard"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var listed = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        var paths = git.ExitCode == 0
            ? listed
            : Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path)).Where(path => !BuildOutput().IsMatch(path));
        return paths.Where(path => File.Exists(Repository.PathOf(path))).Order(StringComparer.Ordinal).Select(path => new SourceFile(path));
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""", RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex("(^|/)(artifacts|bin|obj|node_modules|[.]git)/")]
    private static partial Regex BuildOutput();
}
