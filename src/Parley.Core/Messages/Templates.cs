using System.Text;
using System.Text.RegularExpressions;

namespace Parley.Core.Messages;

/// <summary>A form of a message, with places to fill in.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Use">When to use it.</param>
/// <param name="Text">The text; a place is <c>{name}</c>, or <c>{name...}</c> where it takes a list, one line an entry, or <c>{name?}</c> where it may stay empty.</param>
public sealed partial record MessageTemplate(string Name, string Use, string Text)
{
    /// <summary>The names of the places, in order.</summary>
    public IReadOnlyList<string> Places => [.. Place().Matches(Text).Select(match => match.Groups[1].Value).Distinct()];

    /// <summary>
    /// The message with every place filled in. Throws <c>invalid_request</c> where a place has no value or there is no such place, and <c>too_large</c> for a text
    /// over 64 KiB.
    /// </summary>
    public string Fill(IReadOnlyDictionary<string, string> values)
    {
        if (values.Keys.FirstOrDefault(name => !Places.Contains(name)) is { } unknown)
        {
            throw ParleyError.Invalid(unknown, $"The template '{Name}' has no place '{unknown}'.", "Fill in: " + string.Join(", ", Places));
        }

        var text = string.Join('\n', Text.Split('\n').SelectMany(line => Filled(line, values))).TrimEnd();
        return Encoding.UTF8.GetByteCount(text) <= Limits.ContentBytes
            ? text
            : throw new ParleyError(ErrorCode.TooLarge, "The text is over 64 KiB.", "Send a summary and where to find the rest.") { Field = "content" };
    }

    /// <summary>A line as it is, or, where its place takes a list, one line for every entry.</summary>
    private IEnumerable<string> Filled(string line, IReadOnlyDictionary<string, string> values)
    {
        if (Place().Match(line) is not { Success: true } list || list.Groups[2].Value != "...")
        {
            return [Place().Replace(line, match => Value(match, values))];
        }

        return Value(list, values).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select((entry, index) => line.Replace("1.", $"{index + 1}.", StringComparison.Ordinal).Replace(list.Value, entry, StringComparison.Ordinal));
    }

    private string Value(Match place, IReadOnlyDictionary<string, string> values) =>
        values.TryGetValue(place.Groups[1].Value, out var value) && !string.IsNullOrWhiteSpace(value)
            ? value.Trim()
            : place.Groups[2].Value == "?" ? ""
            : throw ParleyError.Invalid(place.Groups[1].Value, $"The template '{Name}' needs '{place.Groups[1].Value}'.", "Fill in: " + string.Join(", ", Places));

    [GeneratedRegex(@"\{([a-z_]+)(\.\.\.|\?)?\}")]
    private static partial Regex Place();
}

/// <summary>The forms of messages that agents agreed on.</summary>
public static class Templates
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<MessageTemplate> All { get; } =
    [
        new("request", "Ask for something: one topic, with all the other agent needs to know.", "{context}\n\n{request}\n\n{next_steps}"),
        new("completed", "Report a finished task.", "Task completed: {summary}\n\nDetails:\n- {details...}\n\n{next_steps?}"),
        new("clarify", "Ask for what is missing.", "I need clarification on {topic}:\n\nQuestions:\n1. {questions...}\n\nOnce clarified, I can proceed with {action}."),
        new("decline", "Say no and whom to ask.", "I can't complete this because {reason}.\n\nRecommendation: {recommendation}"),
    ];

    /// <summary>The template of that name; throws <c>not_found</c>.</summary>
    public static MessageTemplate Find(string name) =>
        All.FirstOrDefault(template => string.Equals(template.Name, name.Trim(), StringComparison.OrdinalIgnoreCase)) ?? throw ParleyError.NotFound("template");
}
