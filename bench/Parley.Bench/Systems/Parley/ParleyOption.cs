using System.CommandLine;

namespace Parley.Bench.Systems.Parley;

/// <summary>The option that names a build of Parley.</summary>
static class ParleyOption
{
    public static Option<string?> Create() => new("--parley") { Description = "The program to start; without it the launcher of this checkout." };

    public static ParleyProgram Of(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } path ? new ParleyProgram(Path.GetFullPath(path)) : ParleyProgram.OfThisCheckout();
}
