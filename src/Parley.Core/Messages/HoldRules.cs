using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Which messages a person approves whatever the link they go over. Pure.</summary>
public static class HoldRules
{
    /// <summary>Whether everything of its kind waits for a person: the agent is on hold, or the type is in the organization. What a person sends never waits.</summary>
    public static bool IsHeld(Agent? sender, MessageType type, HeldTypes held) =>
        sender is not null && (sender.Hold || (held & Of(type)) != 0);

    /// <summary>The types that are held after one was put on hold or taken off.</summary>
    public static HeldTypes With(HeldTypes held, HeldTypes type, bool on) => on ? held | type : held & ~type;

    /// <summary>The type of that name; throws <c>invalid_request</c> for one that no agent can send.</summary>
    public static HeldTypes Find(string name) => Of(Draft.TypeOf(name));

    private static HeldTypes Of(MessageType type) => type switch
    {
        MessageType.Status => HeldTypes.Status,
        MessageType.Request => HeldTypes.Request,
        MessageType.Discovery => HeldTypes.Discovery,
        MessageType.Coordination => HeldTypes.Coordination,
        MessageType.Chat => HeldTypes.Chat,
        MessageType.Result => HeldTypes.Result,
        _ => HeldTypes.None,
    };
}
