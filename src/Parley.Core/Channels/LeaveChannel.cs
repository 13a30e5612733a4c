namespace Parley.Core.Channels;

/// <summary>Takes an agent out of a channel: any agent where a person asks, itself where an agent asks. What reached its inbox stays there.</summary>
public sealed class LeaveChannel(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the channel with its members; nothing changes where the agent is none. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="project">The project by name or id; null is the only one.</param>
    /// <param name="channel">The channel's name, with or without '#'.</param>
    /// <param name="agent">The agent; null is the calling agent.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ChannelOverview> RunAsync(Caller caller, string? project, string? channel, string? agent, CancellationToken cancellationToken)
    {
        ChannelLookup.Require(caller);
        return database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var of = await ChannelLookup.ProjectAsync(unit, caller, project);
                var found = await ChannelLookup.ChannelAsync(unit, of, channel);
                var member = await ChannelLookup.MemberAsync(unit, caller, agent);
                unit.Conversations.RemoveMember(found.Id, member.Id);
                unit.Audit.Append(ChannelLookup.Entry(caller, now, "channel.leave", of, found, member));
                return await ChannelOverview.ReadAsync(unit, found, of);
            },
            cancellationToken);
    }
}
