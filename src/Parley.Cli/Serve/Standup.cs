using Parley.Cli.Config;
using Parley.Cli.Shell;
using Parley.Client;

namespace Parley.Cli.Serve;

/// <summary>The standup of the demonstration: <c>ghost</c> gives work to six specialists at once and reports what they said.</summary>
internal static class Standup
{
    private const string Ghost = "ghost";

    private const string Permission = """
        // Written by 'parley up --demo'. Everything that may stand here is explained by: parley config init FILE
        {
          "agents": {
            // By default an agent may spawn itself alone.
            "list": [{ "id": "ghost", "subagents": { "allowAgents": ["*"], "maxChildrenPerAgent": 10 } }],
          },
        }

        """;

    private static readonly (string Name, string Role)[] Specialists =
        [("tesla", "architecture"), ("aaron", "data"), ("barnum", "ux"), ("bond", "security"), ("patton", "strategy"), ("buffett", "finance")];

    /// <summary>What a new user types, without the name of the program.</summary>
    public static readonly IReadOnlyList<string> Hints = [$"send {Ghost} \"What should we build next?\"", $"history --with {Ghost}"];

    /// <summary>Adds the agents that are missing, and lets ghost spawn them where nobody has configured anything.</summary>
    public static async Task PrepareAsync(ParleyClient client, IReadOnlySet<string> known, LoadedConfig config, Screen screen, CancellationToken cancellation)
    {
        foreach (var (name, role) in Specialists.Where(specialist => !known.Contains(specialist.Name)))
        {
            await Demo.AddAsync(client, name, $"The specialist for {role}.", "demo/specialist", cancellation).ConfigureAwait(false);
        }

        if (!known.Contains(Ghost))
        {
            await Demo.AddAsync(client, Ghost, "Gives work to others and puts their results together.", "demo/ghost", cancellation).ConfigureAwait(false);
            await AllowAsync(config, screen, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A file that is there says what its author meant; then a person has to add the permission.</summary>
    private static async Task AllowAsync(LoadedConfig config, Screen screen, CancellationToken cancellation)
    {
        var allowed = config.Policy.AllowedFor(Ghost);
        if (!config.Exists && !File.Exists(config.Place.File))
        {
            await File.WriteAllTextAsync(config.Place.File, Permission, cancellation).ConfigureAwait(false);
        }
        else if (!allowed.Contains("*") && !Specialists.All(specialist => allowed.Contains(specialist.Name)))
        {
            screen.Note($"note: {Ghost} may not spawn the specialists yet. Add to agents.list in {config.Place.File}: {{ \"id\": \"{Ghost}\", \"subagents\": {{ \"allowAgents\": [\"*\"], \"maxChildrenPerAgent\": 10 }} }}");
        }
    }
}
