using Parley.Core.Messages;

namespace Parley.Core.Meetings;

/// <summary>Counts a meeting's messages one by one. Pure.</summary>
public sealed class MeetingTally
{
    private readonly SortedDictionary<int, long> depths = [];
    private readonly Dictionary<string, long> speakers = [];
    private readonly Dictionary<(string From, string To), long> asks = [];
    private readonly Dictionary<Ending, long> endings = [];

    /// <summary>All messages.</summary>
    public long Messages { get; private set; }

    /// <summary>Those of persons, each of which begins a chain.</summary>
    public long FromPeople { get; private set; }

    /// <summary>Messages that begin a chain.</summary>
    public long Chains { get; private set; }

    /// <summary>How many answers of agents at each chain depth, by depth.</summary>
    public IReadOnlyList<(int Depth, long Count)> Depths => [.. depths.Select(pair => (pair.Key, pair.Value))];

    /// <summary>How often each agent spoke, the most often first.</summary>
    public IReadOnlyList<(string Name, long Count)> Speakers => [.. speakers.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];

    /// <summary>Who mentioned whom, the most often first.</summary>
    public IReadOnlyList<(string From, string To, long Count)> Mentions =>
        [.. asks.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => (pair.Key.From, pair.Key.To, pair.Value))];

    /// <summary>Why chains ended, the most often first.</summary>
    public IReadOnlyList<(Ending Ending, long Count)> Ends => [.. endings.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];

    /// <summary>Counts one more message.</summary>
    public void Add(Message message)
    {
        Messages++;
        FromPeople += message.SenderKind == CallerKind.User ? 1 : 0;
        Chains += message.RootId == message.Id ? 1 : 0;
        if (message.SenderKind == CallerKind.Agent)
        {
            speakers[message.SenderName] = speakers.GetValueOrDefault(message.SenderName) + 1;
        }

        if (Chain.Of(message) is not { } chain)
        {
            return;
        }

        if (message.SenderKind == CallerKind.Agent)
        {
            depths[chain.Depth] = depths.GetValueOrDefault(chain.Depth) + 1;
        }

        foreach (var name in chain.Asks.Union(chain.Unheard))
        {
            asks[(message.SenderName, name)] = asks.GetValueOrDefault((message.SenderName, name)) + 1;
        }

        if (chain.EndedBy is { } ending)
        {
            endings[ending] = endings.GetValueOrDefault(ending) + 1;
        }
    }
}
