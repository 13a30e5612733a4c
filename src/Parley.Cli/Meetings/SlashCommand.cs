namespace Parley.Cli.Meetings;

/// <summary>A command that a person types in the room.</summary>
/// <param name="Name">Without the slash.</param>
/// <param name="Arguments">How its arguments are written in the help; empty for none.</param>
/// <param name="Help">What it does.</param>
/// <param name="TakesAgent">True where an argument is a participant.</param>
/// <param name="RunAsync">Does it; the argument is what stands behind the name, without spaces around it.</param>
internal sealed record SlashCommand(string Name, string Arguments, string Help, bool TakesAgent, Func<string, CancellationToken, Task> RunAsync)
{
    /// <summary>How it is typed.</summary>
    public string Usage => Arguments.Length > 0 ? $"/{Name} {Arguments}" : $"/{Name}";

    /// <summary>The command's name and argument of a line that begins with a slash.</summary>
    public static (string Name, string Argument) Read(string line)
    {
        var parts = line[1..].Split(' ', 2, StringSplitOptions.TrimEntries);
        return (parts[0].ToLowerInvariant(), parts.Length > 1 ? parts[1] : "");
    }
}
