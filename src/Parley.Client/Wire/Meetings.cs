namespace Parley.Client.Wire;

/// <summary>Starts a meeting: <c>POST /api/v1/meetings</c>. Nobody speaks before the first message.</summary>
/// <param name="Participants">The agents, hosted or external, 1 to 50. A template's roles go to them in this order.</param>
/// <param name="Topic">What it is about, at most 500 characters.</param>
/// <param name="Name">What it is called, unique in the organization; absent: <c>meeting-1</c>, <c>meeting-2</c>, …</param>
/// <param name="ChainLength">The maximum chain length, 0 to 100: 0 switches chaining off, above 10 is warned of; absent: the template's, or 4.</param>
/// <param name="Template">A template's name: <c>GET /api/v1/meeting-templates</c>.</param>
/// <param name="Limits">How many times an agent is asked below one root, by its name, 0 to 100; an agent that is absent has no limit of its own.</param>
/// <param name="Strategy"><c>depth</c> (default), <c>budget</c>, <c>no_new_content</c>, <c>consensus</c> or <c>moderator</c>.</param>
/// <param name="Moderator">The participant that decides who is next; needed by <c>moderator</c>, absent: the first one.</param>
public sealed record StartMeetingRequest(
    IReadOnlyList<string>? Participants, string? Topic = null, string? Name = null, int? ChainLength = null, string? Template = null,
    IReadOnlyDictionary<string, int>? Limits = null, string? Strategy = null, string? Moderator = null);

/// <summary>Changes of a meeting: <c>PATCH /api/v1/meetings/{meeting}</c>. What is absent stays.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="ChainLength">The maximum chain length, 0 to 100.</param>
/// <param name="Limits">Replaces all limits; an empty object removes them.</param>
/// <param name="Strategy">When chains end.</param>
/// <param name="Moderator">The participant that decides who is next; empty for none.</param>
public sealed record EditMeetingRequest(
    string? Topic = null, int? ChainLength = null, IReadOnlyDictionary<string, int>? Limits = null, string? Strategy = null, string? Moderator = null);

/// <summary>A meeting as it is shown.</summary>
public sealed record MeetingView
{
    /// <summary>Its id, which is its conversation's; messages are sent <c>to</c> <c>meeting:</c> and the id or name.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about; may be empty.</summary>
    public required string Topic { get; init; }

    /// <summary><c>open</c>, or <c>archived</c>: then it takes no messages until it is resumed.</summary>
    public required string State { get; init; }

    /// <summary>The maximum chain length: agents speak at the depths 0 to this number.</summary>
    public required int ChainLength { get; init; }

    /// <summary><c>depth</c>, <c>budget</c>, <c>no_new_content</c>, <c>consensus</c> or <c>moderator</c>.</summary>
    public required string Strategy { get; init; }

    /// <summary>The participant that decides who is next, where there is one.</summary>
    public string? Moderator { get; init; }

    /// <summary>The template it was started with.</summary>
    public string? Template { get; init; }

    /// <summary>The template's first message with its places filled in, to be posted by whoever opens the room.</summary>
    public string? Opening { get; init; }

    /// <summary>How many times an agent is asked below one root, by name.</summary>
    public required IReadOnlyDictionary<string, int> Limits { get; init; }

    /// <summary>Who is in the room, by name.</summary>
    public required IReadOnlyList<ParticipantView> Participants { get; init; }

    /// <summary>The number of its newest message.</summary>
    public required long Head { get; init; }

    /// <summary>Who was asked and has neither answered nor acknowledged, by name. Empty: it is idle.</summary>
    public required IReadOnlyList<string> Waiting { get; init; }

    /// <summary>Whom to ask next, the most useful first.</summary>
    public required IReadOnlyList<SuggestionView> Suggestions { get; init; }

    /// <summary>What to think about after a change, such as a chain length above 10.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Who started it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with every change of the settings or participants.</summary>
    public required long Revision { get; init; }
}

/// <summary>An agent in a room.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>hosted</c>, or <c>external</c>: then its answers appear when they come.</param>
/// <param name="Type">What it calls itself.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Role">Its role by the template; absent where there is none.</param>
/// <param name="Halted">True where a person has halted it: it is not asked.</param>
public sealed record ParticipantView(string Name, string Kind, string Type, string Description, string? Role, bool Halted);

/// <summary>Whom to ask next, and why.</summary>
/// <param name="Agent">The participant.</param>
/// <param name="Reason"><c>unheard</c>: it was mentioned and could not speak; <c>silent</c>: it has not spoken in this chain.</param>
public sealed record SuggestionView(string Agent, string Reason);

/// <summary>Where a message stands in its chain: <c>chain</c> of a meeting's message, and <c>parley.chain</c> of its metadata.</summary>
/// <param name="Depth">How many agents' answers lie between it and the person: 0 for a person's message and for the answer to it.</param>
/// <param name="Limit">The maximum chain length when it was said.</param>
/// <param name="Asks">Who has to speak because of it. They speak at depth + 1, or at 0 after a person's message.</param>
/// <param name="Unheard">Who is mentioned in it and was not asked.</param>
/// <param name="Unknown">Names that are mentioned in it and are not in the room.</param>
/// <param name="EndedBy">
/// Why the chain does not go on though somebody is mentioned, or what ended it: <c>depth</c> (the maximum chain length), <c>off</c> (it is 0), <c>limit</c> (the agents' own
/// limits), <c>budget</c> (the root's bound), <c>no_new_content</c>, <c>consensus</c>, <c>user</c> (a person is asked), <c>halted</c>; absent where it goes on or nobody is mentioned.
/// </param>
/// <param name="TurnId">The turn of a hosted agent that said it: ties what was streamed to what was stored.</param>
public sealed record ChainView(
    int Depth, int Limit, IReadOnlyList<string> Asks, IReadOnlyList<string> Unheard, IReadOnlyList<string> Unknown, string? EndedBy = null, Guid? TurnId = null);

/// <summary>Says something in a meeting: <c>POST /api/v1/meetings/{meeting}/messages</c>.</summary>
/// <param name="Content">The text. <c>@name</c> asks that participant, <c>name, …</c> or <c>name: …</c> at the start too; a person's text to nobody asks all.</param>
/// <param name="Key">Makes a repeat find the first; 1 to 128 characters.</param>
/// <param name="To">Participants to ask besides those of the text; a name that is not in the room is refused.</param>
/// <param name="ReplyTo">The message of the meeting that it answers.</param>
public sealed record PostToMeetingRequest(string? Content, string? Key = null, IReadOnlyList<string>? To = null, Guid? ReplyTo = null);

/// <summary>What was said in a meeting and whom it asks. Whoever has it can rely on it: everything in it was committed and flushed.</summary>
/// <param name="Message">The message as stored, with its chain.</param>
/// <param name="Duplicate">True where it was there already: the same key.</param>
/// <param name="Durability">What accepted means here.</param>
public sealed record MeetingPost(MessageView Message, bool Duplicate, string Durability);

/// <summary>A part of a meeting's transcript: <c>GET /api/v1/meetings/{meeting}/history</c>.</summary>
/// <param name="Items">The messages in the order said.</param>
/// <param name="Next">Hand it in as <c>after</c> to go on; absent at the end.</param>
public sealed record MeetingHistoryPage(IReadOnlyList<MessageView> Items, long? Next);

/// <summary>Figures of a meeting: <c>GET /api/v1/meetings/{meeting}/stats</c>.</summary>
/// <param name="Messages">All messages.</param>
/// <param name="FromPeople">Those of persons.</param>
/// <param name="Chains">How many roots started in it.</param>
/// <param name="Turns">Turns of hosted agents.</param>
/// <param name="InputTokens">Tokens that the turns read.</param>
/// <param name="OutputTokens">Tokens that the turns wrote.</param>
/// <param name="Cost">What they cost in US dollars.</param>
/// <param name="Depths">How many answers of agents at each chain depth, from 0 on.</param>
/// <param name="Speakers">Each agent that spoke, the most often first.</param>
/// <param name="Mentions">Who asked whom, the most often first.</param>
/// <param name="Endings">Why chains ended, the most often first.</param>
public sealed record MeetingStatsView(
    long Messages, long FromPeople, long Chains, long Turns, long InputTokens, long OutputTokens, double Cost,
    IReadOnlyList<DepthCount> Depths, IReadOnlyList<SpeakerCount> Speakers, IReadOnlyList<MentionCount> Mentions, IReadOnlyList<EndingCount> Endings);

/// <summary>How many answers there are at a chain depth.</summary>
public sealed record DepthCount(int Depth, long Answers);

/// <summary>How often an agent spoke, and what its turns used.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Answers">Its messages.</param>
/// <param name="Turns">Its turns; passes are among them.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens written.</param>
/// <param name="Cost">US dollars.</param>
public sealed record SpeakerCount(string Agent, long Answers, long Turns, long InputTokens, long OutputTokens, double Cost);

/// <summary>How often one asked another.</summary>
public sealed record MentionCount(string From, string To, long Count);

/// <summary>How many chains ended for a reason; the reasons are those of <see cref="ChainView.EndedBy"/>.</summary>
public sealed record EndingCount(string EndedBy, long Count);

/// <summary>A form of a meeting: <c>GET /api/v1/meeting-templates</c>.</summary>
/// <param name="Name">Its name, which is its file's.</param>
/// <param name="Description">When to use it.</param>
/// <param name="ChainLength">The maximum chain length it sets; absent leaves the default.</param>
/// <param name="Strategy">The strategy it sets; absent leaves the default.</param>
/// <param name="Roles">What the participants do, in their order.</param>
/// <param name="Opening">The first message, with <c>{topic}</c> as a place.</param>
/// <param name="BuiltIn">False for a file of the data folder.</param>
/// <param name="Fault">What is wrong with the file; absent where it can be used.</param>
public sealed record MeetingTemplateView(
    string Name, string Description, int? ChainLength, string? Strategy, IReadOnlyList<TemplateRole> Roles, string Opening, bool BuiltIn, string? Fault = null);

/// <summary>A role of a template.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Task">What it does.</param>
public sealed record TemplateRole(string Name, string Task);
