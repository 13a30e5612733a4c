using System.Text.Json.Nodes;
using Parley.Cli.Connect.Programs;
using Parley.Cli.Shell;

namespace Parley.Cli.Connect.Hooks;

/// <summary>How a program is told of something by a hook.</summary>
/// <param name="Output">What goes to standard output.</param>
/// <param name="Errors">What goes to standard error.</param>
/// <param name="Code">The exit code.</param>
internal sealed record HookAnswer(string? Output, string? Errors, int Code)
{
    /// <summary>The code with which a hook speaks to the model of Claude Code.</summary>
    private const int Speak = 2;

    public static HookAnswer Nothing { get; } = new(null, null, ExitCode.Ok);

    /// <param name="program">The program.</param>
    /// <param name="name">The event, as the program writes it.</param>
    /// <param name="pointer">What is to be told.</param>
    /// <param name="fromBehind">True where the hook ran in the background.</param>
    public static HookAnswer Of(string program, string? name, string pointer, bool fromBehind) => (program, name) switch
    {
        (ClaudeCode.Name, _) when fromBehind => new HookAnswer(null, pointer, Speak),
        (Cursor.Name, "stop") => Json(new JsonObject { ["followup_message"] = pointer }),
        (Cursor.Name, _) => Json(new JsonObject { ["additional_context"] = pointer }),
        (_, "Stop") => Json(new JsonObject { ["decision"] = "block", ["reason"] = pointer }),
        (_, "AfterAgent") => Json(new JsonObject { ["decision"] = "deny", ["reason"] = pointer }),
        (_, null) => new HookAnswer(pointer, null, ExitCode.Ok),
        _ => Json(new JsonObject { ["hookSpecificOutput"] = new JsonObject { ["hookEventName"] = name, ["additionalContext"] = pointer } }),
    };

    private static HookAnswer Json(JsonObject answer) => new(JsonStyle.OneLine(answer), null, ExitCode.Ok);
}
