namespace Parley.Core.Turns;

/// <summary>How a hosted agent thinks. One call is one step of a turn; the turn itself, its tools, budgets and retries are Core's.</summary>
public interface IRuntime
{
    /// <summary>The name in an agent's settings: <c>model</c>, <c>acp</c> or <c>command</c>.</summary>
    string Name { get; }

    /// <summary>Checks the program that an agent is to be hosted on. Throws <c>invalid_request</c> where the runtime needs one, or none, or another.</summary>
    void Check(HostedProgram? program)
    {
        if (program is not null)
        {
            throw ParleyError.Invalid("program", $"The runtime '{Name}' starts no program.", "Use --runtime command or --runtime acp.");
        }
    }

    /// <summary>
    /// Asks once and returns the whole answer. Text is handed to <paramref name="onText"/> as it comes, on any thread, one piece after the other.
    /// Never retries by itself. Throws <see cref="RuntimeFault"/> for every failure of the model, <see cref="OperationCanceledException"/> only
    /// where the token asked for it.
    /// </summary>
    Task<RuntimeAnswer> AskAsync(RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken);
}

/// <summary>What a step asks of a runtime.</summary>
/// <param name="Model"><c>provider/model</c>.</param>
/// <param name="Persona">The part of the system prompt that stays the same from turn to turn, so that a provider may cache it.</param>
/// <param name="Instructions">The part of the system prompt that belongs to this turn: who asks, the quota, the boundary.</param>
/// <param name="Messages">What was said, oldest first; the last one is never the assistant's.</param>
/// <param name="Tools">What the model may call.</param>
/// <param name="MaxOutputTokens">The most it may answer.</param>
/// <param name="TimeLimit">After what time the call ends with <see cref="RuntimeFaultKind.Timeout"/>.</param>
public sealed record RuntimeRequest(
    string Model, string Persona, string Instructions, IReadOnlyList<PromptMessage> Messages, IReadOnlyList<ToolDefinition> Tools, int MaxOutputTokens, TimeSpan TimeLimit)
{
    /// <summary>What a runtime needs that starts a program; null for a model.</summary>
    public ProgramRun? Run { get; init; }
}

/// <summary>One entry of a prompt.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Text">The text; may be empty beside tool calls.</param>
/// <param name="ToolCalls">What the assistant called; empty otherwise.</param>
/// <param name="ToolCallId">The call that a <see cref="PromptRole.Tool"/> entry answers, else null.</param>
public sealed record PromptMessage(PromptRole Role, string Text, IReadOnlyList<ToolCall> ToolCalls, string? ToolCallId = null)
{
    /// <summary>What comes from outside the model.</summary>
    public static PromptMessage User(string text) => new(PromptRole.User, text, []);

    /// <summary>What the model said.</summary>
    public static PromptMessage Assistant(string text, IReadOnlyList<ToolCall>? calls = null) => new(PromptRole.Assistant, text, calls ?? []);

    /// <summary>What a tool answered.</summary>
    public static PromptMessage Tool(string callId, string text) => new(PromptRole.Tool, text, [], callId);
}

/// <summary>Who says an entry of a prompt.</summary>
public enum PromptRole
{
    /// <summary>The world.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool.</summary>
    Tool,
}

/// <summary>A tool as a model sees it.</summary>
/// <param name="Name">Letters, digits, <c>_</c> and <c>-</c>, at most 64 (the bound of the providers).</param>
/// <param name="Description">When to use it.</param>
/// <param name="Schema">The JSON Schema of its arguments: an object.</param>
public sealed record ToolDefinition(string Name, string Description, string Schema);

/// <summary>A call that the model asks for.</summary>
/// <param name="Id">The provider's id, handed back with the result.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object; as the model wrote it, so it may be malformed.</param>
public sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>What a runtime answered.</summary>
/// <param name="Text">The whole text; empty beside tool calls or where it has nothing to say.</param>
/// <param name="ToolCalls">What it wants called.</param>
/// <param name="Usage">What it used.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record RuntimeAnswer(string Text, IReadOnlyList<ToolCall> ToolCalls, Usage Usage, FinishReason Finish)
{
    /// <summary>What it cost, in millionths of a dollar, where the runtime says so; null where it follows from the tokens.</summary>
    public long? Cost { get; init; }

    /// <summary>With what a program goes on in its own session the next time; null where it cannot.</summary>
    public string? Resume { get; init; }

    /// <summary>The tools that a program has called by itself, in their order.</summary>
    public IReadOnlyList<OwnCall> OwnCalls { get; init; } = [];

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A tool that a program called by itself, as the program tells of it.</summary>
/// <param name="Name">What it did.</param>
/// <param name="State">What became of it: <c>completed</c>, <c>failed</c>…; may be empty.</param>
public sealed record OwnCall(string Name, string State);

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>It said all it had to.</summary>
    Stop,

    /// <summary>It wants tools called.</summary>
    ToolCalls,

    /// <summary>It reached <see cref="RuntimeRequest.MaxOutputTokens"/>; the text is cut.</summary>
    Length,

    /// <summary>The provider withheld it.</summary>
    Filtered,
}

/// <summary>The tokens of one or more model calls, as the provider counts them.</summary>
/// <param name="Input">All input tokens, the cached ones included.</param>
/// <param name="CachedInput">Those of them that were read from the provider's cache.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="WrittenInput">Those of the input that were written into the provider's cache, where writing has a price of its own.</param>
public readonly record struct Usage(long Input, long CachedInput, long Output, long WrittenInput = 0)
{
    /// <summary>Both together.</summary>
    public static Usage operator +(Usage one, Usage other) => new(one.Input + other.Input, one.CachedInput + other.CachedInput, one.Output + other.Output, one.WrittenInput + other.WrittenInput);

    /// <summary>Input and output.</summary>
    public long Total => Input + Output;
}
