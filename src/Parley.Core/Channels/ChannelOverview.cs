using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>A channel with its project and members.</summary>
/// <param name="Channel">Its conversation.</param>
/// <param name="Project">Its project.</param>
/// <param name="Members">The members' names, in order.</param>
public sealed record ChannelOverview(Conversation Channel, Project Project, IReadOnlyList<string> Members)
{
    /// <summary>Reads the members of a channel.</summary>
    internal static async ValueTask<ChannelOverview> ReadAsync(IUnitOfWork unit, Conversation channel, Project project) =>
        new(channel, project, (await unit.Conversations.MembersAsync(channel.Id)).ConvertAll(member => member.Name));
}
