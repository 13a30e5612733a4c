using Parley.Client;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>An agent of the load.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Secret">Its token.</param>
/// <param name="BySocket">Whether it speaks through a WebSocket; else through plain HTTP.</param>
internal sealed record Member(string Name, string Secret, bool BySocket);

/// <summary>Agents in one channel, each linked to each: most links with credits that a person fills up again, some special.</summary>
internal sealed class World(ServerProcess server, Ledger ledger, IReadOnlyList<Member> members, IReadOnlyList<LinkView> links)
{
    private static readonly string[] s_names = ["ada", "ben", "cleo", "dan", "eve", "fay"];

    public ServerProcess Server => server;

    public Ledger Ledger => ledger;

    public IReadOnlyList<Member> Members => members;

    public IReadOnlyList<LinkView> Links => links;

    public static async Task<World> CreateAsync(ServerProcess server)
    {
        using var owner = server.Owner();
        var members = new List<Member>();
        foreach (var (index, name) in s_names.Index())
        {
            await owner.Agents.AddAsync(new AddAgentRequest(name, Project: "default"));
            members.Add(new Member(name, (await owner.Tokens.IssueAsync(new IssueTokenRequest(name))).Secret, BySocket: index % 2 == 0));
        }

        var links = new List<LinkView>();
        foreach (var (one, other) in from one in s_names from other in s_names where string.CompareOrdinal(one, other) < 0 select (one, other))
        {
            links.Add(await owner.Links.CreateAsync(new CreateLinkRequest(one, other, SettingsOf(one, other))));
        }

        return new World(server, new Ledger(), members, links);
    }

    /// <summary>A link whose credits nobody fills up: what is left of them can be counted.</summary>
    public static bool IsCounted(LinkView link) => link is { Agent: "ada", Peer: "ben" } or { Agent: "ben", Peer: "ada" };

    public ParleyClient ClientOf(Member member, bool keys = true) => new(new ParleyClientOptions
    {
        Server = server.Address, Token = member.Secret, GenerateKeys = keys, RetryFor = keys ? TimeSpan.FromMinutes(3) : TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(20),
    });

    /// <summary>Where everything stands, for whoever has to find out why it stopped.</summary>
    public async Task<string> DescribeAsync()
    {
        var answered = string.Join(", ", members.Select(member => $"{member.Name} {ledger.AnsweredTo(member.Name).Value}"));
        var refused = string.Join(", ", ledger.Refusals.GroupBy(refusal => refusal.Code).Select(group => $"{group.Count()} {group.Key}"));
        return $"{ledger}; answered: {answered}; refused: {refused}; {await server.DescribeAsync()}";
    }

    private static LinkSettingsPatch SettingsOf(string one, string other) => (one, other) switch
    {
        ("ada", "dan") => new LinkSettingsPatch(MessagesPerWindow: 500, WindowHours: 1, Hold: true),
        ("ben", "eve") => new LinkSettingsPatch(MessagesPerWindow: 5, WindowHours: 1),
        _ => new LinkSettingsPatch(MessagesPerWindow: 500, WindowHours: 1),
    };
}
