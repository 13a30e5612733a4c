using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>What a person says of a new meeting.</summary>
/// <param name="Participants">The agents' names.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Name">What it is called; null counts on: <c>meeting-1</c>, <c>meeting-2</c>, …</param>
/// <param name="ChainLength">Null takes the template's, or the default.</param>
/// <param name="Template">A template's name, or null.</param>
/// <param name="Limits">How many times an agent is asked below one root.</param>
/// <param name="Strategy">Null takes the template's, or <c>depth</c>.</param>
/// <param name="Moderator">A participant, or null.</param>
public sealed record StartMeetingInput(
    IReadOnlyList<string>? Participants, string? Topic = null, string? Name = null, int? ChainLength = null, string? Template = null,
    IReadOnlyDictionary<string, int>? Limits = null, string? Strategy = null, string? Moderator = null);

/// <summary>Starts a meeting: a conversation, its participants and settings. Nobody speaks before the first message. Persons only.</summary>
public sealed class StartMeeting(IDatabase database, HaltBoard halts, MeetingTemplates templates, TimeProvider time)
{
    /// <summary>Returns the meeting. Throws <c>feature_off</c>, <c>not_found</c> for an unknown agent or template, <c>conflict</c> for a name in use, <c>invalid_request</c>.</summary>
    public Task<MeetingOverview> RunAsync(Caller caller, StartMeetingInput input, CancellationToken cancellationToken)
    {
        var name = input.Name is null ? null : Name.Check(input.Name, "name");
        var topic = MeetingRules.Topic(input.Topic);
        var template = input.Template is null ? null : templates.Find(input.Template);
        return database.ChangeAsync(
            caller, time, "meeting.start", name ?? "", Role.Member,
            async (unit, now) =>
            {
                await MeetingLookup.CheckFeatureAsync(unit, caller.OrganizationId);
                var agents = await ParticipantsAsync(unit, caller, input.Participants);
                var conversation = new Conversation(
                    Guid.CreateVersion7(now), caller.OrganizationId, ConversationKind.Meeting, ProjectId: null, await NameAsync(unit, caller, name), PeerKey: null, Head: 0, now);
                var meeting = MeetingOf(conversation, caller, input, topic, template, agents.ConvertAll(agent => agent.Name));
                unit.Conversations.Add(conversation);
                unit.Meetings.Add(meeting);
                foreach (var agent in agents)
                {
                    unit.Conversations.AddMember(conversation.Id, agent.Id, now);
                }

                return await MeetingOverview.ReadAsync(unit, meeting, halts);
            },
            cancellationToken);
    }

    private static Meeting MeetingOf(Conversation conversation, Caller caller, StartMeetingInput input, string topic, MeetingTemplate? template, IReadOnlyList<string> names)
    {
        var strategy = MeetingRules.StrategyOf(input.Strategy ?? (template?.Strategy is { } preset ? MeetingRules.NameOf(preset) : null));
        return new Meeting
        {
            Id = conversation.Id,
            OrganizationId = conversation.OrganizationId,
            Name = conversation.Name,
            Topic = topic,
            ChainLength = MeetingRules.ChainLength(input.ChainLength ?? template?.ChainLength ?? Meeting.DefaultChainLength),
            Limits = MeetingRules.LimitsOf(input.Limits, names),
            Strategy = strategy,
            Moderator = MeetingRules.ModeratorOf(input.Moderator, strategy, names),
            Template = template?.Name,
            Opening = template?.OpeningOn(topic),
            Roles = template?.RolesOf(names) ?? new Dictionary<string, string>(),
            CreatedBy = caller.Name,
            CreatedAt = conversation.CreatedAt,
        };
    }

    private static async ValueTask<List<Agent>> ParticipantsAsync(IUnitOfWork unit, Caller caller, IReadOnlyList<string>? names)
    {
        if (names is not { Count: > 0 and <= MeetingRules.MostParticipants })
        {
            throw ParleyError.Invalid("participants", names is { Count: > 0 } ? "There are too many participants." : "There are no participants.", $"Name 1 to {MeetingRules.MostParticipants} agents: parley agent list");
        }

        var agents = new List<Agent>(names.Count);
        foreach (var name in names)
        {
            var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, name);
            if (!agents.Exists(known => known.Id == agent.Id))
            {
                agents.Add(agent);
            }
        }

        return agents;
    }

    private static async ValueTask<string> NameAsync(IUnitOfWork unit, Caller caller, string? name)
    {
        if (name is not null)
        {
            return await unit.Meetings.FindAsync(caller.OrganizationId, name) is null
                ? name
                : throw new ParleyError(ErrorCode.Conflict, $"There is a meeting called '{name}' already.", "Choose another name, or go on with it: parley meeting resume " + name);
        }

        var number = await unit.Meetings.CountAsync(caller.OrganizationId) + 1;
        while (await unit.Meetings.FindAsync(caller.OrganizationId, $"meeting-{number}") is not null)
        {
            number++;
        }

        return $"meeting-{number}";
    }
}
