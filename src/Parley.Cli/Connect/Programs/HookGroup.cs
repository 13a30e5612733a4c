using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>An entry of <c>hooks.EVENT</c> in the form that Claude Code, Codex and Gemini CLI share: a group with commands.</summary>
internal static class HookGroup
{
    public static JsonChange Of(string file, string name, string program, JsonObject command, string? matcher = null)
    {
        var group = new JsonObject { ["hooks"] = new JsonArray(command) };
        if (matcher is not null)
        {
            group.Insert(0, "matcher", matcher);
        }

        return new JsonChange(file, ["hooks", name], group)
        {
            IsElement = true,
            IsOurs = node => node is JsonObject there && there["hooks"] is JsonArray { Count: > 0 } commands && commands.All(one => Wiring.IsHook((one as JsonObject)?["command"], program)),
        };
    }
}
