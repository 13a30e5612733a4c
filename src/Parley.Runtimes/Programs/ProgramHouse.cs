using Parley.Core.Turns;
using Parley.Runtimes.Keys;
using Parley.Runtimes.Models;
using Parley.Runtimes.Processes;

namespace Parley.Runtimes.Programs;

/// <summary>Where and with what programs of agents run.</summary>
internal sealed class ProgramHouse(RuntimeOptions options, ProviderKeys keys) : IDisposable
{
    /// <summary>The address of Parley for the program.</summary>
    public const string UrlVariable = "PARLEY_URL";

    /// <summary>The token with which the program speaks as its agent, for this turn.</summary>
    public const string TokenVariable = "PARLEY_TOKEN";

    private static readonly string[] s_always = ["PATH", "HOME", "LANG"];
    private readonly ProcessGuard _guard = new();

    public void Dispose() => _guard.Dispose();

    /// <summary>The MCP server that any program can start which speaks no HTTP to one; null where there is none.</summary>
    public IReadOnlyList<string>? Bridge => options.Bridge;

    /// <summary>The folder that the program runs in; one of its own session is made.</summary>
    public string FolderOf(ProgramRun run)
    {
        if (run.Program.Folder is { } configured)
        {
            return Directory.Exists(configured) ? configured : throw new RuntimeFault(RuntimeFaultKind.Refused, $"The folder {configured} of its program is not there any more.");
        }

        return Private(Path.Combine(options.DataFolder, "work", run.AgentId.ToString(), run.SessionId.ToString())).FullName;
    }

    /// <summary>A file with what a program is to be told for one run.</summary>
    public ScratchFile Scratch(string content) => new(Private(Path.Combine(options.DataFolder, "work", "runs", Guid.NewGuid().ToString("N"))), content);

    /// <summary>All that the program sees of the server's environment, and its pass.</summary>
    public Dictionary<string, string> EnvironmentOf(ProgramRun run)
    {
        var names = s_always.Concat(run.Program.Environment).Concat(run.Servers.SelectMany(server => server.Environment ?? [])).Distinct(StringComparer.Ordinal);
        var all = names.Select(name => (Name: name, Value: ValueOf(name))).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value!, StringComparer.Ordinal);
        if (run.Pass is { } pass)
        {
            all[UrlVariable] = pass.Server.ToString().TrimEnd('/');
            all[TokenVariable] = pass.Token;
        }

        return all;
    }

    public ChildProcess Start(ChildStart start) => ChildProcess.Start(start, _guard);

    private static DirectoryInfo Private(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>A variable of the server, or the key that Parley keeps under that name.</summary>
    private string? ValueOf(string name) => options.Environment(name) ?? (Provider.All.FirstOrDefault(provider => provider.KeyVariable == name) is { } provider ? keys.Find(provider) : null);
}
