using System.Collections.Concurrent;
using System.Text;

namespace Parley.Core.Turns;

/// <summary>Reads the files that a person wrote for a hosted agent, again only when one was changed.</summary>
public sealed class PersonaFiles
{
    /// <summary>The files, in the order in which they stand in the prompt.</summary>
    public static readonly IReadOnlyList<string> Names = ["IDENTITY.md", "SOUL.md", "AGENTS.md", "TOOLS.md", "USER.md", "MEMORY.md"];

    /// <summary>The files of a spawned session: what the agent is and works with, and nothing of its people, memory or self.</summary>
    public static readonly IReadOnlyList<string> SubagentNames = ["AGENTS.md", "TOOLS.md"];

    /// <summary>Bytes of all files together.</summary>
    public const int MostBytes = 256 * 1024;

    private readonly ConcurrentDictionary<string, (string State, string Text)> read = new(StringComparer.Ordinal);

    /// <summary>The files of that kind of session one after the other; empty where there is none. Throws <c>invalid_request</c> where they are over 256 KiB or cannot be read.</summary>
    public string Read(string folder, SessionKind kind = SessionKind.Main)
    {
        var names = kind == SessionKind.Subagent ? SubagentNames : Names;
        return Reading(folder, () =>
        {
            var files = Found(folder, names);
            var state = string.Join('|', files.Select(file => $"{file.Name}:{file.Length}:{file.LastWriteTimeUtc.Ticks}"));
            var key = $"{names.Count}:{folder}";
            if (read.TryGetValue(key, out var known) && known.State == state)
            {
                return known.Text;
            }

            var text = Text(files);
            read[key] = (state, text);
            return text;
        });
    }

    /// <summary>Each file with its text, in the order in which they stand in the prompt. Throws as <see cref="Read"/> does.</summary>
    public static IReadOnlyList<PersonaFile> List(string folder) => Reading(
        folder, () => Found(folder, Names).ConvertAll(file => new PersonaFile(file.Name, File.ReadAllText(file.FullName), SubagentNames.Contains(file.Name))));

    private static List<FileInfo> Found(string folder, IReadOnlyList<string> names)
    {
        var files = names.Select(name => new FileInfo(Path.Combine(folder, name))).Where(file => file.Exists).ToList();
        return files.Sum(file => file.Length) <= MostBytes
            ? files
            : throw ParleyError.Invalid("persona", $"The persona files in {folder} are over 256 KiB.", "Shorten them: every turn pays for them.");
    }

    private static T Reading<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ParleyError(ErrorCode.InvalidRequest, $"The persona files in {folder} cannot be read: {fault.Message}", "Let the server's user read them, or host the agent with another folder.", fault);
        }
    }

    private static string Text(List<FileInfo> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
        {
            text.Append(text.Length > 0 ? "\n\n" : "").Append(File.ReadAllText(file.FullName).Trim());
        }

        return text.ToString();
    }
}

/// <summary>A file of a persona.</summary>
/// <param name="Name">Such as <c>AGENTS.md</c>.</param>
/// <param name="Text">What stands in it.</param>
/// <param name="Subagents">Whether spawned sessions are told it too.</param>
public sealed record PersonaFile(string Name, string Text, bool Subagents);
