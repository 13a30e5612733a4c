using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>Adds a channel to a project. Persons only.</summary>
public sealed class CreateChannel(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the channel, which has no members yet. Refuses a name in use with <c>conflict</c>, an unknown project with <c>not_found</c>.</summary>
    public Task<ChannelOverview> RunAsync(Caller caller, string? project, string? name, CancellationToken cancellationToken)
    {
        var valid = Name.Check(name?.Trim().TrimStart('#'), "name");
        return database.ChangeAsync(
            caller, time, "channel.create", "#" + valid, Role.Member,
            async (unit, now) =>
            {
                var of = await ChannelLookup.ProjectAsync(unit, caller, project);
                if (await unit.Conversations.FindChannelAsync(of.Id, valid) is not null)
                {
                    throw new ParleyError(ErrorCode.Conflict, $"The project has a channel called '{valid}' already.", "Choose another name.");
                }

                var channel = Conversation.ChannelOf(of.OrganizationId, of.Id, valid, now);
                unit.Conversations.Add(channel);
                return new ChannelOverview(channel, of, []);
            },
            cancellationToken);
    }
}
