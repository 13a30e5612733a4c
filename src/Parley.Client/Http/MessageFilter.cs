namespace Parley.Client.Http;

/// <summary>Which messages to list; what is absent does not filter.</summary>
public sealed record MessageFilter
{
    /// <summary>A conversation's id.</summary>
    public Guid? Conversation { get; init; }

    /// <summary>A project by name or id.</summary>
    public string? Project { get; init; }

    /// <summary>A channel of the project.</summary>
    public string? Channel { get; init; }

    /// <summary>The other agent of a direct conversation.</summary>
    public string? With { get; init; }

    /// <summary>A message type.</summary>
    public string? Type { get; init; }

    /// <summary>A sender's name.</summary>
    public string? Sender { get; init; }

    /// <summary>Accepted at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Accepted before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Words to search for.</summary>
    public string? Words { get; init; }

    /// <summary>Go on after this mark, towards newer messages.</summary>
    public string? After { get; init; }

    /// <summary>Go on before this mark, towards older messages: <see cref="Wire.MessagePage.Next"/>.</summary>
    public string? Before { get; init; }

    /// <summary>1 to 500 messages a page.</summary>
    public int? Limit { get; init; }

    internal string ToQuery(string path) => new Query(path)
        .With("conversation", Conversation?.ToString()).With("project", Project).With("channel", Channel?.TrimStart('#')).With("with", With).With("type", Type).With("sender", Sender)
        .With("since", Since).With("until", Until).With("q", Words).With("after", After).With("before", Before).With("limit", Limit).ToString();
}
