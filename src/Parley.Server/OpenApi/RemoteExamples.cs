using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of agents of other servers.</summary>
internal static class RemoteExamples
{
    private static readonly string[] Skills = ["Translate"];

    public static readonly AddRemoteRequest Add = new("https://agents.example.org", "translator", TokenEnv: "PARLEY_REMOTE_TRANSLATOR");

    public static readonly RemoteView Remote = new()
    {
        Name = "translator", CardName = "Translator", Description = "Translates texts.", Skills = Skills, Card = "https://agents.example.org/.well-known/agent-card.json", Url = "https://agents.example.org/a2a",
        Binding = "JSONRPC", Version = "1.0", Token = "PARLEY_REMOTE_TRANSLATOR", RefreshedAt = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero),
    };

    public static readonly ListOf<RemoteView> Remotes = new([Remote with { Skills = null }]);

    public static readonly TestRemoteRequest Test = new("Good morning");

    public static readonly RemoteAnswerView Answer = new("done", "Guten Morgen");
}
