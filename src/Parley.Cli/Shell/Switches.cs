using System.CommandLine;

namespace Parley.Cli.Shell;

/// <summary>Options that are on, off, or left as they are; the bare option means on.</summary>
internal static class Switches
{
    public static Option<string?> Option(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "on|off", Arity = ArgumentArity.ZeroOrOne };
        option.AcceptOnlyFromAmong("on", "off");
        return option;
    }
}
