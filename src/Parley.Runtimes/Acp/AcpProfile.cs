namespace Parley.Runtimes.Acp;

/// <summary>A program that speaks the Agent Client Protocol.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Program">The program where a person names none.</param>
internal sealed record AcpProfile(string Name, IReadOnlyList<string> Program)
{
    public const string Custom = "custom";

    public static IReadOnlyList<AcpProfile> All { get; } =
    [
        new("claude", ["npx", "--yes", "@agentclientprotocol/claude-agent-acp"]),
        new("codex", ["npx", "--yes", "@zed-industries/codex-acp"]),
        new("gemini", ["gemini", "--acp"]),
        new("opencode", ["opencode", "acp"]),
        new(Custom, []),
    ];

    public static AcpProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);
}
