using System.Text.Json.Nodes;

namespace Parley.Cli.Connect.Programs;

/// <summary>OpenCode: <c>opencode.json</c>, and a plug-in that prompts the session when a message comes.</summary>
internal static class OpenCode
{
    public const string Name = "opencode";

    private const string Mark = "Written by 'parley connect opencode'";

    public static KnownProgram Program { get; } = new(Name, "OpenCode", Changes)
    {
        HasHooks = false,
        Notes = _ =>
        [
            "Start OpenCode again, and look at 'opencode mcp list'.",
            "Its plug-in prompts the session that was used last as soon as a message comes, also while it sits idle. An 'opencode run' that has ended is not woken.",
        ],
    };

    private static IEnumerable<Change> Changes(Place place, Wiring wiring)
    {
        var folder = place.IsProject ? place.Folder : Path.Combine(place.Named("XDG_CONFIG_HOME", place.InHome(".config")), "opencode");
        var settings = Place.Existing(Path.Combine(folder, "opencode.json"), Path.Combine(folder, "opencode.jsonc"));
        var command = new JsonArray([(JsonNode)wiring.Program, .. wiring.Mcp.Select(word => (JsonNode)word)]);
        yield return KnownProgram.Server(settings, ["mcp", Wiring.Server], new JsonObject { ["type"] = "local", ["command"] = command, ["enabled"] = true }) with
        {
            Blank = "{\n  \"$schema\": \"https://opencode.ai/config.json\"\n}\n",
        };
        yield return new WholeFile(Path.Combine(place.IsProject ? place.InFolder(".opencode") : folder, "plugins", "parley.js"), Plugin(wiring), Mark);
    }

    private static string Plugin(Wiring wiring)
    {
        string[] words = [.. wiring.Command, "hook", Name, "--as", wiring.Agent, .. wiring.Options, "--wait"];
        return $$"""
            // {{Mark}}; 'parley connect opencode --remove' takes it away.
            // Waits for messages of Parley and prompts the session that was used last with a pointer to them; their text is read with check_messages.
            import { spawn } from 'node:child_process';

            const wait = [{{string.Join(", ", words.Select(word => JsonStyle.Name(word)))}}];

            export const Parley = async ({ client }) => {
              let session;
              let pointer = '';

              const tell = async () => {
                if (!session || !pointer) return;
                const text = pointer;
                pointer = '';
                await client.session.promptAsync({ path: { id: session }, body: { parts: [{ type: 'text', text }] } });
              };

              const start = () => {
                const child = spawn(wait[0], wait.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
                let said = '';
                child.stdout.on('data', data => { said += data; });
                child.on('error', () => {});
                child.on('close', code => {
                  if (said.trim()) pointer = said.trim();
                  tell().catch(() => {});
                  setTimeout(start, code === 0 ? 200 : 5000).unref();
                });
              };

              start();
              return {
                event: async ({ event }) => {
                  const about = event.properties ?? {};
                  if (event.type === 'session.created' && !about.info?.parentID) session = about.info?.id;
                  else if (event.type === 'session.idle') session = about.sessionID ?? session;
                  if (event.type === 'session.created' || event.type === 'session.idle') await tell();
                },
              };
            };

            """;
    }
}
