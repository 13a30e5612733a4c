namespace Parley.Core.Organizations;

/// <summary>The types of messages that a person approves in an organization, whoever of its agents sends them. Stored as a number; a value never changes its meaning.</summary>
[Flags]
public enum HeldTypes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Messages that tell a state.</summary>
    Status = 1,

    /// <summary>Messages that ask for help.</summary>
    Request = 2,

    /// <summary>Messages that share a finding.</summary>
    Discovery = 4,

    /// <summary>Messages that arrange work.</summary>
    Coordination = 8,

    /// <summary>Talk.</summary>
    Chat = 16,

    /// <summary>Outcomes of sessions.</summary>
    Result = 32,
}
