using System.Net;
using System.Text.RegularExpressions;
using Parley.Core.Turns;

namespace Parley.Runtimes.Demo;

/// <summary>A message of a prompt, out of its boundary.</summary>
internal sealed record DemoBlock(string From, string Kind, string In, string Text)
{
    /// <summary>All that stands at its head.</summary>
    public IReadOnlyDictionary<string, string> Head { get; init; } = new Dictionary<string, string>();

    public bool FromAgent => Kind == "agent";

    public bool FromPerson => Kind is not "agent" and not "system";
}

/// <summary>What a demonstration model understands of a prompt.</summary>
/// <param name="Self">Its own name where the prompt says so, else empty.</param>
/// <param name="Role">What the persona says it is, else empty.</param>
/// <param name="Present">Who takes part, in the order of the prompt.</param>
/// <param name="Past">Every message before the ones to answer.</param>
/// <param name="Asked">The messages to answer.</param>
/// <param name="ToolResult">What the tool answered where that is the last entry, else null.</param>
/// <param name="Signed">True where the conversation has been told already that this is a demonstration.</param>
/// <param name="Tools">What may be called.</param>
internal sealed partial record DemoPrompt(
    string Self, string Role, IReadOnlyList<string> Present, IReadOnlyList<DemoBlock> Past, IReadOnlyList<DemoBlock> Asked, string? ToolResult, bool Signed, IReadOnlyList<ToolDefinition> Tools)
{
    private static readonly string[] s_articles = ["a", "an", "the", "in", "one", "not"];

    /// <summary>The message that counts.</summary>
    public DemoBlock Last => Asked[^1];

    /// <summary>What a person asked last, or the last message where no person did.</summary>
    public string Question => Asked.Concat(Past.Reverse()).FirstOrDefault(block => block.FromPerson)?.Text ?? Last.Text;

    /// <summary>Who spoke since the person's question, oldest first.</summary>
    public IReadOnlyList<string> Speakers
    {
        get
        {
            var all = Past.Concat(Asked).ToList();
            return [.. all.Skip(all.FindLastIndex(block => block.FromPerson) + 1).Where(block => block.FromAgent).Select(block => block.From).Distinct()];
        }
    }

    public bool Mentions(string name) => name.Length > 0 && Asked.Any(block => Regex.IsMatch(block.Text, $@"(?<![\w@])@{Regex.Escape(name)}(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

    public static DemoPrompt Read(RuntimeRequest request)
    {
        var last = request.Messages.ToList().FindLastIndex(message => message.Role == PromptRole.User);
        var asked = last < 0 ? [] : Blocks(request.Messages[last].Text, whole: true);
        var past = request.Messages.Take(Math.Max(0, last)).Where(message => message.Role == PromptRole.User).SelectMany(message => Blocks(message.Text, whole: false)).ToList();
        return new DemoPrompt(
            SelfOf(request),
            RoleText().Match(request.Persona) is { Success: true } role ? role.Groups["role"].Value.Trim() : "",
            [.. Listed(request.Instructions).Concat(past.Concat(asked).Where(block => block.FromAgent).Select(block => block.From)).Distinct(StringComparer.OrdinalIgnoreCase)],
            past,
            asked.Count > 0 ? asked : [new DemoBlock("", "", "", "")],
            request.Messages is [.., { Role: PromptRole.Tool } result] ? result.Text : null,
            request.Messages.Any(message => message.Text.Contains(DemoReply.Signature, StringComparison.Ordinal)),
            request.Tools);
    }

    private static List<DemoBlock> Blocks(string text, bool whole)
    {
        var blocks = BlockText().Matches(text).Select(match =>
        {
            var attributes = AttributeText().Matches(match.Groups["attributes"].Value).DistinctBy(pair => pair.Groups[1].Value).ToDictionary(pair => pair.Groups[1].Value, pair => WebUtility.HtmlDecode(pair.Groups[2].Value));
            return new DemoBlock(attributes.GetValueOrDefault("from", ""), attributes.GetValueOrDefault("kind", ""), attributes.GetValueOrDefault("in", ""), match.Groups["text"].Value.Trim()) { Head = attributes };
        }).ToList();
        return blocks.Count == 0 && whole ? [new DemoBlock("", "", "direct", text.Trim())] : blocks;
    }

    private static string SelfOf(RuntimeRequest request)
    {
        var names = SelfText().Matches($"{request.Instructions}\n{request.Persona}").Select(match => match.Groups["name"].Value);
        return names.FirstOrDefault(name => !s_articles.Contains(name, StringComparer.OrdinalIgnoreCase)) ?? "";
    }

    private static IEnumerable<string> Listed(string instructions) =>
        ListText().Matches(instructions).SelectMany(match => NameText().Matches(match.Groups["names"].Value)).Concat(MentionText().Matches(instructions)).Select(match => match.Groups["name"].Value)
            .Where(name => name is not "and" and not "you");

    [GeneratedRegex(@"<message-(?<boundary>[0-9a-fA-F]{8,64})(?<attributes>(?:\s+\w+=""[^""]*"")*)\s*>(?<text>.*?)</message-\k<boundary>>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex BlockText();

    [GeneratedRegex(@"(\w+)=""([^""]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex AttributeText();

    [GeneratedRegex(@"\byou are (?:the agent |agent )?@?['""]?(?<name>[a-z0-9][\w-]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SelfText();

    [GeneratedRegex(@"\byou are (?:the |an? )?(?<role>[^.,\n]{2,60})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RoleText();

    [GeneratedRegex(@"\b(?:participants|members|taking part|takes part)\b[^:\n]{0,60}:\s*(?<names>[^\n.]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ListText();

    [GeneratedRegex(@"(?<![\w(])@?(?<name>[A-Za-z0-9][\w-]{0,49})(?=\s*(?:,|;|$|\(|and\b|or\b))", RegexOptions.CultureInvariant)]
    private static partial Regex NameText();

    [GeneratedRegex(@"(?<![\w@])@(?<name>[A-Za-z0-9][\w-]{0,49})", RegexOptions.CultureInvariant)]
    private static partial Regex MentionText();
}
