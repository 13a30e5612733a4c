namespace Parley.Client.Wire;

/// <summary>How an agent is hosted: <c>PUT /api/v1/agents/{name}/host</c>. What is absent is as usual.</summary>
/// <param name="Model"><c>provider/model</c>.</param>
/// <param name="Runtime">How it thinks: <c>model</c>, <c>command</c> or <c>acp</c>.</param>
/// <param name="FallbackModel">Asked where the model fails again and again.</param>
/// <param name="Persona">A folder with AGENTS.md and the like, on the server's machine.</param>
/// <param name="MaxOutputTokens">The most tokens of one answer.</param>
/// <param name="ContextTokens">The tokens that a prompt may have.</param>
/// <param name="TimeLimit">Seconds that one model call may take.</param>
/// <param name="Tools">Its MCP servers.</param>
/// <param name="Program">The program that thinks for it, with the runtime <c>command</c> or <c>acp</c>.</param>
public sealed record HostRequest(
    string? Model = null, string? Runtime = null, string? FallbackModel = null, string? Persona = null, int? MaxOutputTokens = null, int? ContextTokens = null, double? TimeLimit = null,
    IReadOnlyList<ToolServerView>? Tools = null, ProgramView? Program = null);

/// <summary>The program that thinks for an agent: started for each turn, with nothing of the server's environment but PATH, HOME, LANG and what is named.</summary>
/// <param name="Profile">Which program: <c>claude</c>, <c>codex</c>, <c>gemini</c>, <c>opencode</c> or <c>custom</c>.</param>
/// <param name="Command">The program and its first arguments; absent for the profile's own.</param>
/// <param name="Folder">The folder on the server's machine that it runs in; absent for one of its own a session.</param>
/// <param name="Environment">Names of environment variables of the server that it gets.</param>
/// <param name="Format">With <c>custom</c> and the runtime <c>command</c>: <c>text</c>, <c>json</c> or <c>jsonl</c>.</param>
/// <param name="Permissions">Who answers when it asks for permission: <c>ask</c> (a person), <c>allow</c> or <c>deny</c>.</param>
public sealed record ProgramView(
    string? Profile, IReadOnlyList<string>? Command = null, string? Folder = null, IReadOnlyList<string>? Environment = null, string? Format = null, string? Permissions = null);

/// <summary>An MCP server of an agent: a program or an address.</summary>
/// <param name="Name">Letters and digits; begins the names of its tools.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Url">The address.</param>
/// <param name="Environment">Names of environment variables of the server that the program gets.</param>
public sealed record ToolServerView(string Name, IReadOnlyList<string>? Command = null, string? Url = null, IReadOnlyList<string>? Environment = null);

/// <summary>How an agent is hosted.</summary>
/// <param name="Agent">Its name.</param>
/// <param name="Runtime">How it thinks.</param>
/// <param name="Model"><c>provider/model</c>.</param>
/// <param name="FallbackModel">Asked where the model fails again and again.</param>
/// <param name="Persona">The folder with its persona files.</param>
/// <param name="MaxOutputTokens">The most tokens of one answer.</param>
/// <param name="ContextTokens">The tokens that a prompt may have.</param>
/// <param name="TimeLimit">Seconds that one model call may take.</param>
/// <param name="Tools">Its MCP servers.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="Program">The program that thinks for it; absent where a model does.</param>
public sealed record HostingView(
    string Agent, string Runtime, string Model, string? FallbackModel, string? Persona, int MaxOutputTokens, int ContextTokens, double TimeLimit, IReadOnlyList<ToolServerView> Tools,
    DateTimeOffset CreatedAt, ProgramView? Program = null);

/// <summary>Tries an agent out: <c>POST /api/v1/agents/{name}/test</c>.</summary>
/// <param name="Text">What it is asked.</param>
public sealed record TestRequest(string? Text);

/// <summary>A piece of what it says: an event <c>text</c> of the same call with <c>Accept: text/event-stream</c>, whose last event is <c>done</c> or <c>error</c>.</summary>
/// <param name="Text">What is to be shown behind the pieces before it.</param>
public sealed record TestPiece(string Text);

/// <summary>What it answered; nothing was sent.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Model">Which model answered.</param>
/// <param name="Usage">The tokens.</param>
/// <param name="Cost">US dollars; absent where the model has no known price.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Warnings">What a person should know.</param>
public sealed record TestAnswer(string Text, string Model, UsageView Usage, decimal? Cost, double Seconds, IReadOnlyList<string> Warnings);

/// <summary>Tokens as the provider counts them.</summary>
/// <param name="Input">All input tokens.</param>
/// <param name="CachedInput">Those of them that came from the provider's cache.</param>
/// <param name="Output">Output tokens.</param>
public sealed record UsageView(long Input, long CachedInput, long Output);

/// <summary>A provider of models: <c>GET /api/v1/models</c>.</summary>
/// <param name="Name">The part before the slash.</param>
/// <param name="State"><c>ready</c>, <c>no key</c> or <c>unreachable</c>.</param>
/// <param name="Address">Where it is asked.</param>
/// <param name="Note">What to do, or what to know.</param>
/// <param name="Models">Its models.</param>
public sealed record ProviderView(string Name, string State, string Address, string Note, IReadOnlyList<ModelView> Models);

/// <summary>A model with its prices in US dollars for a million tokens, absent where none are known.</summary>
/// <param name="Name"><c>provider/model</c>.</param>
/// <param name="InputPrice">Of input tokens.</param>
/// <param name="CachedInputPrice">Of input tokens from the provider's cache.</param>
/// <param name="OutputPrice">Of output tokens.</param>
public sealed record ModelView(string Name, decimal? InputPrice, decimal? CachedInputPrice, decimal? OutputPrice);
