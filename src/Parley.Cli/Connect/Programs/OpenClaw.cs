using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>OpenClaw: <c>openclaw.json</c> with the server and the gateway's own door for wake-ups.</summary>
internal static class OpenClaw
{
    public const string Name = "openclaw";

    /// <summary>Milliseconds; a call that waits for a message may take five minutes, and OpenClaw's own limit is one.</summary>
    private const int ToolTimeout = 330_000;

    public static KnownProgram Program { get; } = new(Name, "OpenClaw", Changes)
    {
        HasProject = false,
        HasHooks = false,
        Notes = wiring =>
        [
            "Start the gateway again: openclaw gateway restart.",
            $"OpenClaw is woken from outside, by its gateway's POST /hooks/wake. Leave this running beside it: {wiring.Hook(Name)}",
        ],
    };

    /// <summary>Where the gateway's settings are.</summary>
    public static string Settings(Place place) => place.Named("OPENCLAW_CONFIG_PATH", place.InHome(".openclaw", "openclaw.json"));

    private static IEnumerable<Change> Changes(Place place, Wiring wiring)
    {
        var settings = Settings(place);
        yield return KnownProgram.Server(settings, ["mcp", "servers", Wiring.Server], new JsonObject { ["command"] = wiring.Program, ["args"] = wiring.McpArguments, ["requestTimeoutMs"] = ToolTimeout });
        yield return Default(settings, "enabled", true);
        yield return Default(settings, "token", RandomNumberGenerator.GetHexString(48, lowercase: true));
    }

    private static JsonChange Default(string settings, string name, JsonNode value) => new(settings, ["hooks", name], value) { IsDefault = true, IsOurs = _ => false };
}
