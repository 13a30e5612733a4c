namespace Parley.Cli.Config;

/// <summary>The file that <c>parley config init</c> writes: nothing is said in it, everything is explained.</summary>
internal static class Starter
{
    public const string Text = """
        // The configuration of Parley. Everything here is optional; without a key its default holds.
        // Check it with 'parley config check'. A running server takes changes within two seconds, those of "server" at its next start.
        {
          "$schema": "./parley.schema.json",

          "tools": {
            "agentToAgent": {
              // Whether agents may use the session tools with each other at all, and which.
              "enabled": true,
              // "allow": ["ghost", "tesla", "aaron"],
            },
          },

          "agents": {
            // By default an agent may spawn itself alone.
            "list": [
              // { "id": "ghost", "subagents": { "allowAgents": ["*"] } },
            ],
            "defaults": {
              // The models that a spawn may name. Without it: all that the server knows.
              // "models": { "local/qwen2.5-7b-instruct": {} },
              "subagents": {
                // The model of a sub-agent where the spawn names none. A local one costs nothing.
                // "model": "local/qwen2.5-7b-instruct",
                "maxChildrenPerAgent": 5, // children of one agent at once, up to 10
                "maxConcurrent": 10, // sub-agents at once in the whole system
                "maxSpawnDepth": 3,
                "timeoutMinutes": 15,
                "noProgressMinutes": 10,
                // "maxTokens": 200000, // of one session
                // "maxCost": 0.50, // US dollars of one session
                "hold": false, // true: a person approves every spawn
              },
            },
          },

          // Keys of providers do not belong here: parley key set openrouter
          // "models": { "providers": { "local": { "baseUrl": "http://127.0.0.1:1234/v1" } } },

          // Webhooks and agents of other servers: no call leaves this server until you say so.
          // "outbound": { "enabled": true, "allow": ["http://127.0.0.1:9000"] },

          "server": {
            // "listen": ["127.0.0.1:7275"],
          },
        }

        """;
}
