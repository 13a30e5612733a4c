namespace Parley.Core;

/// <summary>The bounds on what a caller may hand in. They are promises of the security list: raising one is a decision.</summary>
public static class Limits
{
    /// <summary>Bytes of an HTTP body.</summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Bytes of a message's text in UTF-8.</summary>
    public const int ContentBytes = 64 * 1024;

    /// <summary>Bytes of a message's metadata as JSON.</summary>
    public const int MetadataBytes = 32 * 1024;

    /// <summary>Nesting of any JSON that is read.</summary>
    public const int JsonDepth = 32;

    /// <summary>Names that one message mentions.</summary>
    public const int Mentions = 16;

    /// <summary>Recipients that one message names; a channel may have more members.</summary>
    public const int Recipients = 50;

    /// <summary>Bytes of a WebSocket frame that is read.</summary>
    public const int FrameBytes = 256 * 1024;

    /// <summary>Bytes queued for a connection that does not read, before it is closed.</summary>
    public const int QueuedBytes = 256 * 1024;

    /// <summary>Live connections of one token.</summary>
    public const int ConnectionsPerToken = 20;

    /// <summary>Characters of a key.</summary>
    public const int KeyLength = 128;

    /// <summary>Characters of an agent's, user's, project's or channel's name.</summary>
    public const int NameLength = 50;

    /// <summary>Messages that wait for credits on one link.</summary>
    public const int DeferredPerLink = 100;

    /// <summary>Rows of one page, at the most.</summary>
    public const int PageRows = 500;

    /// <summary>How long a key is kept at least, whatever the retention.</summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(7);
}
