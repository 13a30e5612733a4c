using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley completion bash|zsh</c>, and the hidden command that the scripts ask.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash or zsh." };
    private static readonly Argument<string[]> Words = new("words") { Arity = ArgumentArity.ZeroOrMore };

    static CompletionCommand() => Shell.AcceptOnlyFromAmong("bash", "zsh");

    public static Command Build() =>
        new ParleyCommand("completion", "Print a script that completes commands, options and names in the shell.", "source <(parley completion bash)", "parley completion zsh > ~/.zfunc/_parley") { Shell }
            .Does((invocation, _) =>
            {
                invocation.Screen.Line(invocation.Get(Shell) == "bash" ? Bash : Zsh);
                return Task.CompletedTask;
            });

    /// <summary>Called with the words before the cursor after <c>--</c>; the last one is being typed.</summary>
    public static Command BuildHidden()
    {
        var command = new ParleyCommand("complete", "Print what may come next.", "parley complete -- agent ''") { Words };
        command.Hidden = true;
        return command.Does((invocation, _) =>
        {
            foreach (var suggestion in Suggest(invocation.Get(Words) ?? []))
            {
                invocation.Screen.Line(suggestion);
            }

            return Task.CompletedTask;
        });
    }

    internal static IEnumerable<string> Suggest(string[] words)
    {
        var typed = words.Length > 0 ? words[^1] : "";
        return CommandTable.Complete(string.Join(' ', words.Select(Quote)))
            .Select(item => item.InsertText ?? item.Label)
            .Where(text => text.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && (typed.StartsWith('-') || !text.StartsWith('-')) && text is not ("/?" or "/h" or "-?"))
            .Distinct();
    }

    private static string Quote(string word) => word.Any(char.IsWhiteSpace) ? $"\"{word.Replace("\"", "", StringComparison.Ordinal)}\"" : word;

    private const string Bash = """
        # bash completion for parley: source <(parley completion bash)
        _parley() {
            local IFS=$'\n'
            local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
            COMPREPLY=($("${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null))
        }
        complete -o default -F _parley parley ./parley
        """;

    private const string Zsh = """
        #compdef parley
        # zsh completion for parley: source <(parley completion zsh), or save as _parley in a folder of $fpath
        _parley() {
            local -a suggestions
            suggestions=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            (( ${#suggestions} )) && compadd -- "${suggestions[@]}" || _files
        }
        if [ "$funcstack[1]" = "_parley" ]; then
            _parley "$@"
        else
            compdef _parley parley ./parley
        fi
        """;
}
