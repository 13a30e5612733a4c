using Parley.Core.Agents;

namespace Parley.Core.Links;

/// <summary>Who may see and change a link. Pure.</summary>
public static class LinkRules
{
    /// <summary>Whether the person may make, edit or remove a link of the two agents: an admin, or the owner of both.</summary>
    public static bool MayManage(Caller caller, Agent one, Agent other) => AgentRules.MayManage(caller, one) && AgentRules.MayManage(caller, other);

    /// <summary>Whether the caller may know of the link: its agents, their owners, an admin.</summary>
    public static bool MaySee(Caller caller, Agent one, Agent other) => caller.IsAgent
        ? caller.Id == one.Id || caller.Id == other.Id
        : AgentRules.MayManage(caller, one) || AgentRules.MayManage(caller, other);

    /// <summary>The refusal of a person who owns too few of the two.</summary>
    public static ParleyError Refusal() =>
        new(ErrorCode.Forbidden, "You may only handle links between agents that are both yours.", "Ask an admin of the organization.");
}
