using System.Text.Json.Nodes;
using Parley.Cli.Connect;
using Parley.Cli.Shell;

namespace Parley.Tests.Cli.Connect;

/// <summary>A person's home folder and a project in it, into which programs are connected.</summary>
internal sealed class ConnectHome : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly DataFolder data;

    public ConnectHome()
    {
        Directory.CreateDirectory(folder["home"]);
        Directory.CreateDirectory(folder["home/work"]);
        data = new DataFolder(folder["data"]);
    }

    public Place Place(bool isProject = false) => new(folder["home"], folder["home/work"], isProject, _ => null);

    public string PathOf(string file) => Path.Combine(folder["home"], file);

    public JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(PathOf(file)))!;

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }

    /// <summary>Connects a program, and returns what happened to its files.</summary>
    public IReadOnlyList<FilePlan> Add(KnownProgram program, bool isProject = false, string agent = "tesla")
    {
        var (place, receipt) = (Place(isProject), Receipt.PathOf(data, program, Place(isProject)));
        var known = Receipt.Read(receipt);
        var plan = ConnectPlan.Add(program.Changes(place, new Wiring(["/opt/parley/parley"], agent, [])), known);
        ConnectWriter.Add(plan, known with { Agent = agent }, receipt, data);
        return plan;
    }

    public void Remove(KnownProgram program, bool isProject = false)
    {
        var (place, receipt) = (Place(isProject), Receipt.PathOf(data, program, Place(isProject)));
        var known = Receipt.Read(receipt);
        ConnectWriter.Remove(ConnectPlan.Remove(program.Changes(place, new Wiring(["/opt/parley/parley"], known.Agent, [])), known), known, receipt);
    }

    /// <summary>Every folder, and every file with its bytes.</summary>
    public IReadOnlyList<string> Everything() =>
        [.. Directory.EnumerateFileSystemEntries(folder["home"], "*", SearchOption.AllDirectories).Order().Select(path => File.Exists(path) ? $"{path}: {Convert.ToHexString(File.ReadAllBytes(path))}" : path)];

    public void Dispose() => folder.Dispose();
}
