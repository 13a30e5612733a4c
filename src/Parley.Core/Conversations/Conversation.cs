namespace Parley.Core.Conversations;

/// <summary>An ordered log of messages, numbered 1, 2, 3… without gaps.</summary>
/// <param name="Id">The conversation.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ProjectId">The project of a channel, else null.</param>
/// <param name="Name">The name of a channel; the two names of a direct conversation.</param>
/// <param name="PeerKey">For a direct conversation the two participants' ids in order, so that there is one a pair; else null.</param>
/// <param name="Head">The last number given out.</param>
/// <param name="CreatedAt">When it began.</param>
public sealed record Conversation(
    Guid Id, Guid OrganizationId, ConversationKind Kind, Guid? ProjectId, string Name, string? PeerKey, long Head, DateTimeOffset CreatedAt)
{
    /// <summary>The name of the channel that every project has.</summary>
    public const string DefaultChannel = "general";

    /// <summary>The key of a pair, the same whoever begins.</summary>
    public static string KeyOf(Guid one, Guid other) =>
        one.CompareTo(other) < 0 ? $"{one:N}:{other:N}" : $"{other:N}:{one:N}";

    /// <summary>A new channel of a project.</summary>
    public static Conversation ChannelOf(Guid organizationId, Guid projectId, string name, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), organizationId, ConversationKind.Channel, projectId, name, PeerKey: null, Head: 0, now);
}

/// <summary>The kinds of conversation.</summary>
public enum ConversationKind
{
    /// <summary>Two participants.</summary>
    Direct,

    /// <summary>A channel of a project.</summary>
    Channel,

    /// <summary>A meeting.</summary>
    Meeting,

    /// <summary>A session.</summary>
    Session,

    /// <summary>The organization's <c>agent_chat</c>.</summary>
    Chat,
}
