using Parley.Core.Turns;

namespace Parley.Runtimes.Demo;

/// <summary>What a demonstration model says.</summary>
internal sealed record DemoReply(string Text, IReadOnlyList<ToolCall> Calls)
{
    /// <summary>The word that sends nothing.</summary>
    public const string Pass = "PASS";

    /// <summary>Ends the first answer of a conversation.</summary>
    public const string Signature = "(demo model: no language model is asked)";

    public DemoReply(string text) : this(text, [])
    {
    }
}
