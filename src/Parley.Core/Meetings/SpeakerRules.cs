using System.Text.RegularExpressions;

namespace Parley.Core.Meetings;

/// <summary>Who is in a room, for the rules.</summary>
/// <param name="Participants">The agents' names.</param>
/// <param name="People">The names of the organization's people.</param>
public sealed record Room(IReadOnlyList<string> Participants, IReadOnlyCollection<string> People)
{
    /// <summary>Other names of participants, with the name of each.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>The participant of that name or alias in lower case, or null.</summary>
    public string? NameOf(string name) => Participants.Contains(name) ? name : Aliases.GetValueOrDefault(name);
}

/// <summary>Whom a text addresses.</summary>
/// <param name="Named">Participants, each once, in the order named; never the speaker.</param>
/// <param name="Everyone">True where all participants are meant: a person's text to nobody or to <c>@all</c>.</param>
/// <param name="Person">True where an agent asks a person.</param>
/// <param name="Unknown">Names that nobody in the room has.</param>
public sealed record Addressed(IReadOnlyList<string> Named, bool Everyone, bool Person, IReadOnlyList<string> Unknown);

/// <summary>Decides whom a text addresses. Pure.</summary>
public static partial class SpeakerRules
{
    /// <summary>The mention with which an agent asks the person.</summary>
    public const string User = "user";

    private static readonly string[] Everybody = ["all", "everyone", "here"];

    /// <summary>
    /// Reads the text of an agent or person. <paramref name="mentions"/> are the names that <see cref="Messages.Mentions.In"/> found or the sender gave. A person also
    /// addresses participants by <c>name, …</c> or <c>name: …</c> at the start; an agent does not, because models begin answers that way without meaning it.
    /// </summary>
    public static Addressed Find(string text, IReadOnlyList<string> mentions, string speaker, bool isAgent, Room room)
    {
        var names = (isAgent ? mentions : Leading(text, room).Concat(mentions)).Select(name => name.ToLowerInvariant()).Select(name => room.NameOf(name) ?? name).Distinct().ToList();
        var named = names.Where(name => room.Participants.Contains(name) && !(isAgent && name == speaker)).ToList();
        var others = names.Where(name => !room.Participants.Contains(name) && !(isAgent && name == speaker)).ToList();
        var person = others.Exists(name => name == User || room.People.Contains(name));
        var all = !isAgent && others.Exists(Everybody.Contains);
        var unknown = others.Where(name => name != User && !room.People.Contains(name) && !(all && Everybody.Contains(name))).ToList();
        return new Addressed(named, !isAgent && (all || (named.Count == 0 && unknown.Count == 0)), isAgent && person, unknown);
    }

    private static IEnumerable<string> Leading(string text, Room room)
    {
        var rest = text.AsMemory();
        while (Start().Match(rest.ToString()) is { Success: true } match && room.NameOf(match.Groups[1].Value.ToLowerInvariant()) is { } name)
        {
            yield return name;
            if (match.Value.EndsWith(':'))
            {
                yield break;
            }

            rest = rest[match.Length..];
        }
    }

    [GeneratedRegex(@"\A\s{0,100}@?([a-z0-9][a-z0-9_.\-]{0,49})\s{0,3}[,:](?!\S)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Start();
}
