namespace Parley.Core.Channels;

/// <summary>Adds an agent to a channel: any agent where a person asks, itself where an agent of the project asks. Posts from now on reach its inbox.</summary>
public sealed class JoinChannel(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the channel with its members; nothing changes where the agent is one. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
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
                unit.Conversations.AddMember(found.Id, member.Id, now);
                unit.Audit.Append(ChannelLookup.Entry(caller, now, "channel.join", of, found, member));
                return await ChannelOverview.ReadAsync(unit, found, of);
            },
            cancellationToken);
    }
}
