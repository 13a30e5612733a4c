using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.Cli.Shell;

/// <summary>The folder with the database and the secrets of this machine: 0700, its files 0600.</summary>
internal sealed class DataFolder(string path)
{
    public const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The folder's path where nobody names another.</summary>
    public static string Usual => System.IO.Path.GetFullPath(System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".parley"));

    /// <summary>True where commands find the folder without being told.</summary>
    public bool IsDefault => Path == Find(null).Path;

    public string Database => File("parley.db");

    public string OwnerSecret => File("owner.secret");

    public string Server => File("server.json");

    /// <summary>From the option, else <c>PARLEY_DATA</c>, else <c>~/.parley</c>.</summary>
    public static DataFolder Find(string? option) => new(
        option ?? NotEmpty(Environment.GetEnvironmentVariable("PARLEY_DATA")) ?? Usual);

    public void Create() => CreateFolder(Path);

    /// <summary>The agent's token as stored on this machine; null without one.</summary>
    public string? ReadAgentToken(string agent) => ReadSecret(AgentFile(agent));

    public string? ReadOwnerSecret() => ReadSecret(OwnerSecret);

    public void WriteAgentToken(string agent, string secret)
    {
        Create();
        CreateFolder(File("agents"));
        WriteSecret(AgentFile(agent), secret);
    }

    public void RemoveAgentToken(string agent)
    {
        if (Directory.Exists(File("agents")))
        {
            System.IO.File.Delete(AgentFile(agent));
        }
    }

    public IEnumerable<string> AgentsWithToken() => Directory.Exists(File("agents"))
        ? Directory.EnumerateFiles(File("agents"), "*.token").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)!)
        : [];

    /// <summary>The server that runs, or ran last, on this folder.</summary>
    public RunningServer? ReadServer()
    {
        try
        {
            return System.IO.File.Exists(Server) ? JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(Server), DataFolderJson.Default.RunningServer) : null;
        }
        catch (JsonException)
        {
            // Half written by a process that died: as good as none.
            return null;
        }
    }

    public void WriteServer(RunningServer server) => WriteSecret(Server, JsonSerializer.Serialize(server, DataFolderJson.Default.RunningServer));

    /// <summary>Removes what a server left that lost its power while it wrote; only for who holds the folder's lock.</summary>
    public void RemoveLeftovers()
    {
        foreach (var file in Directory.EnumerateFiles(Path, System.IO.Path.GetFileName(Server) + ".*").Where(file => int.TryParse(System.IO.Path.GetExtension(file).AsSpan(1), out _)))
        {
            System.IO.File.Delete(file);
        }
    }

    /// <summary>Written beside and moved over, so that a reader sees the old or the new one; never readable by others.</summary>
    public static void WriteSecret(string file, string text)
    {
        var beside = $"{file}.{Environment.ProcessId}";
        System.IO.File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = SecretMode;
        }

        using (var stream = new FileStream(beside, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
            writer.Write('\n');
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(beside, file, overwrite: true);
    }

    private string AgentFile(string agent) => IsName(agent)
        ? File($"agents/{agent.ToLowerInvariant()}.token")
        : throw Refusal.Wrong($"'{agent}' is not an agent's name.", "Use 1 to 50 letters a-z, digits, '-', '_' or '.', beginning with a letter or digit.", "agent");

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 50 && char.IsAsciiLetterOrDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    private string File(string name) => System.IO.Path.Combine(Path, name);

    private static string? ReadSecret(string file) => System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file).Trim() : null;

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, FolderMode);
        }
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>What a server writes into its data folder while it runs.</summary>
internal sealed record RunningServer(string Url, int Pid, string? Config = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunningServer))]
internal sealed partial class DataFolderJson : JsonSerializerContext;
