using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Everything between two agents that a direct message needs, read at once.</summary>
/// <param name="Sender">The sending agent.</param>
/// <param name="Features">What their organization has switched on.</param>
/// <param name="Recipient">The agent of the name asked for, or null.</param>
/// <param name="Link">Their link that is not removed, or null.</param>
/// <param name="Conversation">The link's conversation without its head, which changes with every message; null where there is no link.</param>
/// <param name="HeldTypes">The types of messages that a person approves in their organization.</param>
public sealed record PeerRoute(Agent Sender, Features Features, Agent? Recipient, Link? Link, Conversation? Conversation, HeldTypes HeldTypes);
