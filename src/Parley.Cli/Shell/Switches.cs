using System.CommandLine;

namespace Parley.Cli.Shell;

/// <summary>Options that are on, off, or left as they are; the bare option means on.</summary>
internal static class Switches
{
    public static Option<bool?> Option(string name, string description)
    {
        var option = new Option<bool?>(name)
        {
            Description = description,
            HelpName = "on|off",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result =>
            {
                var value = result.Tokens.Count == 0 ? "on" : result.Tokens[0].Value;
                if (value is not ("on" or "off"))
                {
                    result.AddError($"{name} is on or off, not '{value}'.");
                }

                return value == "on";
            },
        };
        option.CompletionSources.Add("on", "off");
        return option;
    }
}
