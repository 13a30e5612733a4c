using System.CommandLine;
using System.CommandLine.Invocation;

namespace Parley.Cli.Shell;

/// <summary>The library's help, followed by the command's examples.</summary>
internal sealed class HelpAction(System.CommandLine.Help.HelpAction standard) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static bool Asked(ParseResult parse) => parse.Action is HelpAction;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        using var help = new StringWriter();
        parseResult.InvocationConfiguration.Output = help;
        var code = standard.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        help.WriteLine("Examples:");
        foreach (var example in parseResult.CommandResult.Command is ParleyCommand command ? command.Examples : Beginning)
        {
            help.WriteLine($"  {example}");
        }

        help.WriteLine();
        output.Write(CommandName.In(help.ToString()));
        return code;
    }

    private static readonly string[] Beginning =
    [
        "parley up", "parley agent add tesla", "parley agent add aaron", "parley link tesla aaron --quota 30 --window 6h",
        "parley send aaron \"Hello\" --as tesla", "parley inbox --as aaron --follow",
    ];
}
