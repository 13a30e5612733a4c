using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Messages;

namespace Parley.Core.Meetings;

/// <summary>Where a meeting's message stands in its chain, as it is stored with the message.</summary>
/// <param name="Depth">How many agents' answers lie between it and what started the chain: 0 for a person's message and for the answer to it.</param>
/// <param name="Limit">The maximum chain length when it was said.</param>
/// <param name="Asks">Who has to speak because of it, by name.</param>
/// <param name="Unheard">Who is mentioned in it and was not asked.</param>
/// <param name="Unknown">Names mentioned in it that are not in the room.</param>
/// <param name="EndedBy">Why the chain does not go on here, or null.</param>
public sealed record Chain(int Depth, int Limit, IReadOnlyList<string> Asks, IReadOnlyList<string> Unheard, IReadOnlyList<string> Unknown, Ending? EndedBy = null)
{
    /// <summary>The name in a message's metadata.</summary>
    public const string Field = "parley.chain";

    /// <summary>The turn that said it, or null.</summary>
    public Guid? TurnId { get; init; }

    /// <summary>The chain depth of a message of that depth below its root.</summary>
    public static int DepthOf(int messageDepth) => Math.Max(0, messageDepth - 1);

    /// <summary>The chain of a message, or null where it has none or its text is withheld.</summary>
    public static Chain? Of(Message message)
    {
        if (!message.Metadata.Contains(Field, StringComparison.Ordinal))
        {
            return null;
        }

        using var metadata = JsonDocument.Parse(message.Metadata);
        return metadata.RootElement.TryGetProperty(Field, out var chain)
            ? new Chain(
                chain.GetProperty("depth").GetInt32(), chain.GetProperty("limit").GetInt32(), Names(chain, "asks"), Names(chain, "unheard"), Names(chain, "unknown"),
                chain.TryGetProperty("ended_by", out var ending) && ending.ValueKind == JsonValueKind.String ? Endings.Parse(ending.GetString()!) : null)
            {
                TurnId = chain.TryGetProperty("turn_id", out var turn) && turn.TryGetGuid(out var id) ? id : null,
            }
            : null;
    }

    /// <summary>The member of a message's metadata.</summary>
    public JsonObject ToMetadata()
    {
        var chain = new JsonObject
        {
            ["depth"] = Depth, ["limit"] = Limit, ["asks"] = Array(Asks), ["unheard"] = Array(Unheard), ["unknown"] = Array(Unknown), ["ended_by"] = EndedBy is { } ending ? Endings.NameOf(ending) : null,
        };
        if (TurnId is { } turn)
        {
            chain["turn_id"] = turn.ToString();
        }

        return new JsonObject { [Field] = chain };
    }

    private static JsonArray Array(IReadOnlyList<string> names) => [.. names.Select(name => (JsonNode)name)];

    private static List<string> Names(JsonElement chain, string field) =>
        chain.TryGetProperty(field, out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
}

/// <summary>Why a chain does not go on.</summary>
public enum Ending
{
    /// <summary>It has its maximum length.</summary>
    Depth,

    /// <summary>Chaining is switched off.</summary>
    Off,

    /// <summary>Those who are mentioned have been asked as often as they may below this root.</summary>
    Limit,

    /// <summary>The root met a bound.</summary>
    Budget,

    /// <summary>The answer says nothing new.</summary>
    NoNewContent,

    /// <summary>Everybody who spoke has agreed.</summary>
    Consensus,

    /// <summary>A person is asked.</summary>
    User,

    /// <summary>Those who are mentioned are halted.</summary>
    Halted,
}

/// <summary>The names of endings, in messages and on the wire.</summary>
public static class Endings
{
    /// <summary>The name of an ending.</summary>
    public static string NameOf(Ending ending) => ending == Ending.NoNewContent ? "no_new_content" : ending.ToString().ToLowerInvariant();

    /// <summary>The ending of a name, or null for one that this version does not know.</summary>
    public static Ending? Parse(string name) =>
        Enum.GetValues<Ending>().Cast<Ending?>().FirstOrDefault(ending => NameOf(ending!.Value) == name);
}
