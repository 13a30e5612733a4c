namespace Parley.Core.Organizations;

/// <summary>One pulled kill switch.</summary>
/// <param name="Scope">What kind of thing is halted.</param>
/// <param name="TargetId">Which one; empty for the server.</param>
/// <param name="OrganizationId">The tenant; empty for the server.</param>
/// <param name="Reason">Why, in a person's words.</param>
/// <param name="By">Who pulled it.</param>
/// <param name="At">When.</param>
public sealed record Halt(HaltScope Scope, Guid TargetId, Guid OrganizationId, string Reason, string By, DateTimeOffset At);

/// <summary>What a halt stops.</summary>
public enum HaltScope
{
    /// <summary>Everything.</summary>
    Server,

    /// <summary>An organization.</summary>
    Organization,

    /// <summary>A project's channels.</summary>
    Project,

    /// <summary>An agent.</summary>
    Agent,

    /// <summary>A link.</summary>
    Link,
}
