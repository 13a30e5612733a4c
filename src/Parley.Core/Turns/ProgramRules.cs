using System.Text.RegularExpressions;

namespace Parley.Core.Turns;

/// <summary>What a person may say of the program that thinks for an agent. What a profile means is its runtime's.</summary>
internal static partial class ProgramRules
{
    /// <summary>How long a run may take, in seconds.</summary>
    public const int LongestTime = 14_400;

    private const int MostVariables = 64;
    private const int MostArguments = 64;

    /// <summary>How long a run may take unless a person says otherwise: a program does in one run what takes a model many calls.</summary>
    public static readonly TimeSpan UsualTime = TimeSpan.FromMinutes(15);

    /// <summary>Parley's own variables hold its secrets.</summary>
    private const string Own = "PARLEY_";

    /// <summary>What stands for the model of a program: the runtime, the profile and the model that a person named for it.</summary>
    public static string Model(string runtime, HostedProgram program, string? model, string? fallback)
    {
        if (fallback is not null)
        {
            throw ParleyError.Invalid("fallback_model", "A program has no fallback.", "Leave out --fallback.");
        }

        return model is null ? $"{runtime}/{program.Profile}"
            : ModelName().IsMatch(model) ? $"{runtime}/{program.Profile}/{model}"
            : throw ParleyError.Invalid("model", "That is no name of a model.", "Name it as the program does, such as opus.");
    }

    /// <summary>The program, where every part of it is in bounds. Throws <c>invalid_request</c>.</summary>
    public static HostedProgram Checked(HostedProgram program)
    {
        HostAgent.Folder(program.Folder, "folder");
        if (program.Command.Count > MostArguments || program.Command.Any(part => part.Length is 0 or > 2_000 || part.Contains('\0', StringComparison.Ordinal)))
        {
            throw ParleyError.Invalid("command", "The command has too many parts, or one that is empty or too long.", "Put it into a script, and name that.");
        }

        if (program.Environment.Count > MostVariables || program.Environment.FirstOrDefault(name => !Variable().IsMatch(name)) is not null)
        {
            throw ParleyError.Invalid("environment", "That is no name of an environment variable, or they are over 64.", "Give names alone, such as --env ANTHROPIC_API_KEY; the values are the server's.");
        }

        return program.Environment.FirstOrDefault(name => name.StartsWith(Own, StringComparison.OrdinalIgnoreCase)) is { } own
            ? throw ParleyError.Invalid("environment", $"'{own}' is Parley's own.", "Leave it out: a program gets PARLEY_URL and PARLEY_TOKEN of its turn by itself.")
            : program;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:/@\[\]+-]{0,99}\z")]
    private static partial Regex ModelName();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,99}\z")]
    private static partial Regex Variable();
}
