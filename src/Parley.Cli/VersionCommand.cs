using System.CommandLine;
using System.Reflection;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley version</c></summary>
internal static class VersionCommand
{
    public static string Version { get; } = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Build() => new ParleyCommand("version", "Print the version of this program.", "parley version").Does((invocation, _) =>
    {
        invocation.Screen.Done($"parley {Version}", ("version", Version));
        return Task.CompletedTask;
    });
}
