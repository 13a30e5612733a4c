using System.Text.RegularExpressions;

namespace Parley.Runtimes.Demo;

/// <summary>A statement, and the question that goes with it where somebody is there to be asked.</summary>
internal sealed record DemoLine(string Say, string Ask = "");

/// <summary>What the three say to one kind of question.</summary>
internal sealed partial record DemoScript(string Words, DemoLine Open, DemoLine Status, DemoLine Money, DemoLine Close)
{
    private const int LongestTopic = 60;

    private static readonly DemoScript[] s_themes =
    [
        new(
            "launch|ship|release|deadline|month|week|date|when",
            new("Depends on readiness.", "status update?"),
            new("90% ready, need QA.", "budget for contractors?"),
            new("$50K available.", "revenue impact of delay?"),
            new("$200K revenue risk. Let's spend the $50K.")),
        new(
            "hir|recruit|staff|people|team|contractor",
            new("We grow where it hurts most.", "where are hands missing?"),
            new("Two engineers short, one of them for operations.", "can we afford both?"),
            new("One now, the second from the next quarter.", "which one first?"),
            new("Operations first. We post the second in three months.")),
        new(
            "budget|cost|price|pay|money|invest|spend|cheap|expens",
            new("Only if it pays back within a year.", "what does it save us?"),
            new("About 30 hours of work a month.", "what is that in money?"),
            new("Roughly $4K a month; the outlay is $25K.", "is seven months soon enough?"),
            new("Seven months is soon enough. We do it.")),
        new(
            "bug|outage|incident|secur|down|fail|broken|risk",
            new("Customers come first.", "what happened, and is it over?"),
            new("A fix is out; the cause is a missing check.", "do we owe credits?"),
            new("About $8K under the contracts.", "do we announce it?"),
            new("We announce it today, with the cause and the fix.")),
    ];

    private static readonly DemoScript[] s_others =
    [
        new("", new("On {0}: I want two options before we decide.", "what can we build?"), new("A small version in three weeks, or all of it in ten.", "what does each cost?"), new("$15K for the small one, $60K for all.", "which one do customers ask for?"), new("The small one, then. We look again in a month.")),
        new("", new("On {0}: yes, if it stays simple.", "how hard is it?"), new("Not hard, but somebody must own it.", "is there room for that?"), new("There is room for half a position.", "is half enough?"), new("Half is enough to begin. We start on Monday.")),
        new("", new("On {0}: tell me what could go wrong.", "your view?"), new("We depend on one supplier.", "what would a second one cost?"), new("About 5% more a year.", "is that worth it to you?"), new("It is. We take the second supplier.")),
    ];

    public static DemoScript For(string question)
    {
        var theme = s_themes.FirstOrDefault(script => Regex.IsMatch(question, $@"\b(?:{script.Words})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));
        return theme ?? s_others[Hash(question) % s_others.Length].About(Topic(question));
    }

    /// <summary>The text without the mentions before it.</summary>
    internal static string WithoutMentions(string text) => Leading().Replace(text, "");

    private DemoScript About(string topic) => this with { Open = Open with { Say = Open.Say.Replace("{0}", topic, StringComparison.Ordinal) } };

    /// <summary>The question without the words that ask, short and without a mention.</summary>
    internal static string Topic(string question)
    {
        var line = question.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        var topic = Asking().Replace(Mention().Replace(line, ""), "").Trim().TrimEnd('?', '!', '.', ' ');
        topic = topic.Length <= LongestTopic ? topic : topic[..(topic.LastIndexOf(' ', LongestTopic) is > 0 and var blank ? blank : LongestTopic)] + "…";
        return topic.Length == 0 ? "that" : topic;
    }

    /// <summary>The same in every process, unlike the hash of the runtime.</summary>
    private static int Hash(string text) => (int)(text.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u) % int.MaxValue);

    [GeneratedRegex(@"^(?:(?:so|and|please|ok|hello|hi|hey)[\s,]+)*(?:should we|shall we|can we|could we|do we|will we|what about|how about|what's|what is|what are|how do we|how should we|why do we|is it time to|tell me about)?\s*(?:our\s+|the\s+)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Asking();

    [GeneratedRegex(@"^(?:@[\w-]+[\s,:]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex(@"@[\w-]+[\s,:]*", RegexOptions.CultureInvariant)]
    private static partial Regex Mention();
}
