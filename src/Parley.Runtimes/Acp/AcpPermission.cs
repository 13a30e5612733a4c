using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Parley.Core.Permissions;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Acp;

/// <summary>Answers a program that asks for permission.</summary>
internal static partial class AcpPermission
{
    public static async Task<JsonObject> AnswerAsync(ProgramRun run, JsonElement parameters, CancellationToken cancellationToken)
    {
        var call = parameters.At("toolCall");
        var title = call.Word("title") ?? call.Word("name") ?? "a tool";
        var kind = call.Word("kind") ?? "";
        // Parley decides itself what its own tools may do, as for every agent.
        var allowed = (run.Pass is not null && kind is "" or "other" && Own().IsMatch(call.Word("name") ?? title))
            || await run.AllowsAsync(new PermissionInput(title, kind, call.At("rawInput")?.GetRawText() ?? ""), cancellationToken).ConfigureAwait(false);
        string[] kinds = allowed ? ["allow_once", "allow_always"] : ["reject_once", "reject_always"];
        var options = ((JsonElement?)parameters).List("options").ToList();
        var chosen = kinds.Select(wanted => options.Find(option => option.Word("kind") == wanted).Word("optionId")).FirstOrDefault(id => id is not null);
        return new JsonObject
        {
            ["outcome"] = chosen is null ? new JsonObject { ["outcome"] = "cancelled" } : new JsonObject { ["outcome"] = "selected", ["optionId"] = chosen },
        };
    }

    // As Claude Code, Codex and Gemini CLI name the tools of a server.
    [GeneratedRegex(@"\A(mcp__parley__[a-z_]{1,40}|[a-z_]{1,40} \(parley MCP Server\))\z")]
    private static partial Regex Own();
}
