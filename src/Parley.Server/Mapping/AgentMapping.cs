using Parley.Client.Wire;
using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Organizations;
using Parley.Core.Remotes;
using Parley.Server.Live;

namespace Parley.Server.Mapping;

/// <summary>Agents, links and tokens on the wire.</summary>
internal static class AgentMapping
{
    public static AgentView ToView(AgentOverview overview, LiveConnections live, Activities activities)
    {
        var (agent, activity) = (overview.Agent, activities.Find(overview.Agent.Id));
        return new AgentView(
            agent.Id, agent.Name, WireNames.Of(agent.Kind), agent.Type, agent.Description, agent.Hold, overview.Halted, live.IsConnected(agent.Id), agent.CreatedAt, overview.Unread,
            agent.Aliases, agent.Skills)
        {
            Activity = activity?.State, ActivitySince = activity?.Since,
        };
    }

    public static DoorView ToView(DoorUse use) => new(use.Door, use.Open > 0 ? "open" : use.IsRecent ? "used" : "idle", use.Since, use.LastAt, use.Open);

    /// <summary>The ways on which Parley goes to the agent.</summary>
    public static IEnumerable<DoorView> ToDoors(AgentDoors doors)
    {
        if (doors.Hosted is { } hosted)
        {
            yield return new DoorView("hosted", "ready", hosted.CreatedAt, Detail: hosted.Model);
        }

        if (doors.Remote is { } remote)
        {
            yield return new DoorView("remote", "ready", remote.CreatedAt, Detail: remote.Interface.Url);
        }

        foreach (var webhook in doors.Webhooks)
        {
            yield return new DoorView("webhook", webhook.PausedAt is null ? "ready" : "paused", webhook.PausedAt ?? webhook.CreatedAt, Detail: webhook.Name);
        }
    }

    public static LinkView ToView(LinkOverview overview, HaltBoard halts)
    {
        var (link, state, settings) = (overview.Link, overview.State, overview.Link.Settings);
        return new LinkView
        {
            Id = link.Id,
            Agent = overview.AgentName,
            Peer = overview.PeerName,
            ConversationId = link.ConversationId,
            MessagesPerWindow = settings.MessagesPerWindow,
            WindowHours = settings.WindowHours,
            DebounceSeconds = settings.DebounceSeconds,
            StrictDebounce = settings.StrictDebounce,
            PreferredEndpoint = settings.PreferredEndpoint,
            Enabled = settings.Enabled,
            Hold = settings.Hold,
            Halted = halts.Find(HaltScope.Link, link.Id) is not null,
            CreditsRemaining = state?.CreditsRemaining ?? settings.MessagesPerWindow,
            WindowResetAt = state?.WindowResetAt,
            LastMessageAt = state?.LastMessageAt,
            Waiting = state?.Waiting ?? 0,
            CreatedAt = link.CreatedAt,
        };
    }

    public static LinkSettings Apply(LinkSettingsPatch? patch, LinkSettings settings) => patch is null ? settings : settings with
    {
        MessagesPerWindow = patch.MessagesPerWindow ?? settings.MessagesPerWindow,
        WindowHours = patch.WindowHours ?? settings.WindowHours,
        DebounceSeconds = patch.DebounceSeconds ?? settings.DebounceSeconds,
        StrictDebounce = patch.StrictDebounce ?? settings.StrictDebounce,
        PreferredEndpoint = patch.PreferredEndpoint ?? settings.PreferredEndpoint,
        Enabled = patch.Enabled ?? settings.Enabled,
        Hold = patch.Hold ?? settings.Hold,
    };

    public static TokenView ToView(Token token, string name) => new(
        token.Id, token.Label, token.Prefix, token.AgentId is null ? null : name, token.UserId is null ? null : name, WireNames.Of(token.Scopes), token.CreatedAt, token.ExpiresAt, token.RevokedAt);
}
