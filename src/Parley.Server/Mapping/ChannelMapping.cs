using Parley.Client.Wire;
using Parley.Core.Channels;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Server.Mapping;

/// <summary>Projects, channels, conversations and announced files on the wire.</summary>
internal static class ChannelMapping
{
    public static ListOf<TView> ToList<T, TView>(IEnumerable<T> things, Func<T, TView> view) => new([.. things.Select(view)]);

    public static ProjectView ToView(Project project) => new(project.Id, project.Name, project.CreatedAt);

    public static ConversationView ToView(Conversation conversation) => new(
        conversation.Id, WireNames.Of(conversation.Kind), conversation.Name, conversation.ProjectId, conversation.Head, conversation.CreatedAt);

    public static ChannelView ToView(ChannelOverview overview) => new(
        overview.Channel.Id, overview.Project.Id, overview.Project.Name, overview.Channel.Name, overview.Channel.Head, overview.Members);

    public static LeaseView ToView(LeaseOverview overview) => ToView(overview.Lease) with
    {
        Overlaps = [.. overview.Overlaps.Select(overlap => new Client.Wire.LeaseOverlap(overlap.Lease.Id, overlap.Lease.AgentName, overlap.Paths))],
    };

    public static LeaseView ToView(FileLease lease) => new(
        lease.Id, lease.AgentName, lease.Paths, lease.Exclusive, lease.Note, lease.CreatedAt, lease.ExpiresAt, []);
}
