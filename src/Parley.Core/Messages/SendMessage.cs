using System.Diagnostics;
using System.Text.Json.Nodes;
using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Links;

namespace Parley.Core.Messages;

/// <summary>
/// The one way in for everything that is said, whatever the door and whoever the recipient: decides, writes message, deliveries and
/// credits together, and wakes the recipients after the commit.
/// </summary>
public sealed class SendMessage(IDatabase database, Router router, IWake wake, TimeProvider time, params IEnumerable<IMessageFollower> followers)
{
    private readonly IReadOnlyList<IMessageFollower> followers = [.. followers];

    /// <summary>
    /// Returns what was stored, or the first answer for a duplicate. Throws <see cref="ParleyError"/> for a refusal, which stores nothing.
    /// Calls of one sender are numbered in the order of the calls, as far as <see cref="IDatabase.PipelineDepth"/> are under way at once.
    /// </summary>
    public Task<SendReceipt> RunAsync(Caller caller, SendInput input, CancellationToken cancellationToken) =>
        RunAsync(caller, input with { Key = OriginKey.Of(caller, input.Key, input.To, input.Project, input.Type, input.Content) }, OriginKey.HoldOf(caller), cancellationToken);

    /// <summary>Sends in one transaction with what the caller's door has to write or check first.</summary>
    internal async Task<SendReceipt> RunAsync(Caller caller, SendInput input, Func<IUnitOfWork, ValueTask> first, CancellationToken cancellationToken)
    {
        caller.Require(Organizations.Scopes.Send);
        using var activity = Telemetry.StartSend();
        var draft = Draft.From(input, time.GetUtcNow());
        try
        {
            var (receipt, places) = await database.WriteAsync(
                async unit =>
                {
                    await first(unit);
                    return await WriteAsync(unit, caller, draft, activity);
                },
                cancellationToken);
            Wake(receipt, places.Read());
            Telemetry.Sent(activity, receipt);
            return receipt;
        }
        catch (ParleyError error)
        {
            Telemetry.Refused(activity, error);
            throw;
        }
    }

    /// <summary>
    /// Sends as part of a larger write, with what Parley itself says of the message. Refusals are thrown before anything was written. After the commit the caller wakes
    /// whom the answer names.
    /// </summary>
    internal async ValueTask<Sent> WriteAsync(IUnitOfWork unit, Caller caller, SendInput input, JsonObject? metadata = null)
    {
        caller.Require(Organizations.Scopes.Send);
        var (receipt, places) = await WriteAsync(unit, caller, Draft.From(input, time.GetUtcNow()), activity: null, metadata);
        return new Sent(receipt, places);
    }

    /// <summary>Tells of what <see cref="WriteAsync(IUnitOfWork, Caller, SendInput, JsonObject)"/> wrote, after the commit.</summary>
    internal void Committed(Sent sent)
    {
        Wake(sent.Receipt, sent.Places.Read());
        Telemetry.Sent(activity: null, sent.Receipt);
    }

    private void Wake(SendReceipt receipt, IReadOnlyList<InboxPosition> positions)
    {
        // Also where no inbox grew: who follows the conversation, or watches all, has something to read. What is held is nobody's yet; a room shows that it waits.
        if (positions.Count > 0 || (!receipt.Duplicate && receipt.Message is { Withheld: not Withheld.Held } or { ConversationKind: ConversationKind.Meeting }))
        {
            wake.Wake(new WakeHint(receipt.Message.OrganizationId, receipt.Message.ConversationId, positions, receipt.Message));
        }
    }

    private async ValueTask<(SendReceipt Receipt, InboxPlaces Places)> WriteAsync(
        IUnitOfWork unit, Caller caller, Draft draft, Activity? activity, JsonObject? metadata = null)
    {
        var now = time.GetUtcNow();
        if (draft.Key is not null)
        {
            router.Expect(unit, caller, draft);
        }

        if (await Repetition.ByKeyAsync(unit, caller, draft) is { } repeated)
        {
            return (await DuplicateAsync(unit, repeated), new InboxPlaces());
        }

        draft = draft with { Mentions = await unit.Agents.OwnNamesAsync(caller.OrganizationId, draft.Mentions) };
        var route = await router.FindAsync(unit, caller, draft, now);
        route = metadata is null ? route : route with { Metadata = metadata };
        await unit.Conversations.LockAsync(route.Conversation.Id);
        if (await Repetition.ByTextAsync(unit, caller, draft, route, now) is { } twin)
        {
            return (await DuplicateAsync(unit, twin), new InboxPlaces());
        }

        var parent = await ParentAsync(unit, caller, draft) ?? route.Continues;
        foreach (var follower in followers)
        {
            await follower.CheckAsync(unit, caller, draft, route.Conversation.Id);
        }

        var held = HoldRules.IsHeld(route.Sender, draft.Type, route.HeldTypes);
        var decisions = await DecideAsync(unit, route, held, now);
        var verdict = held ? Verdict.Held : SendRules.VerdictOf(decisions.Select(pair => pair.Decision));
        var message = MessageOf(caller, draft, route, parent, verdict, decisions, await unit.Conversations.NextNumberAsync(route.Conversation.Id), now);
        activity?.SetTag("messaging.message.id", message.Id);
        unit.Messages.Append(message);
        if (caller.Origin is not null)
        {
            // A turn's last write also moves its own cursor: all inboxes are locked here, in the order of the ids.
            await unit.Agents.LockInboxesAsync([caller.Id, .. decisions.Select(pair => pair.Facts.Agent.Id)], route.ToMembers ? route.Conversation.Id : null);
        }

        var answer = route.ToMembers ? await FanOutAsync(unit, message) : await DeliverAsync(unit, message, decisions);
        if (parent is not null && caller.IsAgent)
        {
            // After the recipients' inboxes were locked, as an acknowledgement locks them: inbox first, then delivery.
            unit.Deliveries.Reply(parent.Id, caller.Id, now);
            unit.Obligations.End(parent.Id, caller.Id);
        }

        foreach (var follower in message.Withheld == Withheld.No ? followers : [])
        {
            await follower.SaidAsync(unit, message, now);
        }

        return answer;
    }

    private async ValueTask<(SendReceipt, InboxPlaces)> FanOutAsync(IUnitOfWork unit, Message message)
    {
        var positions = message.Verdict == Verdict.Held ? [] : await unit.Deliveries.FanOutAsync(message, message.SenderId);
        return (new SendReceipt(message, Duplicate: false, [], positions.Count, database.Durability), new InboxPlaces(positions));
    }

    private async ValueTask<SendReceipt> DuplicateAsync(IUnitOfWork unit, Message first)
    {
        var deliveries = first.ConversationKind == ConversationKind.Channel ? [] : await unit.Deliveries.OfMessageAsync(first.Id, Limits.Recipients);
        return new SendReceipt(
            first, Duplicate: true, [.. deliveries.Select(delivery => new DeliveryReceipt(delivery.AgentName, delivery.State, delivery.NotBefore))],
            await unit.Deliveries.CountAsync(first.Id), database.Durability);
    }

    private static async ValueTask<Message?> ParentAsync(IUnitOfWork unit, Caller caller, Draft draft)
    {
        if (draft.ReplyTo is not { } id)
        {
            return null;
        }

        var parent = await unit.Messages.FindAsync(caller.OrganizationId, id);
        var readable = parent is not null && (!caller.IsAgent || parent.SenderId == caller.Id
            || await unit.Deliveries.FindAsync(id, caller.Id) is { Number: not null }
            || (parent.Withheld == Withheld.No && await unit.Conversations.IsMemberAsync(parent.ConversationId, caller.Id)));
        return readable ? parent : throw ParleyError.NotFound("message to reply to");
    }

    private static async ValueTask<List<(RecipientFacts Facts, Decision Decision)>> DecideAsync(IUnitOfWork unit, Route route, bool held, DateTimeOffset now)
    {
        var decisions = new List<(RecipientFacts, Decision)>(route.Recipients.Count);
        foreach (var (agent, link) in route.Recipients.OrderBy(recipient => recipient.Link?.Id))
        {
            var facts = new RecipientFacts(agent, link, link is null ? null : await unit.Links.StateAsync(link.Id));
            decisions.Add((facts, SendRules.Decide(facts, held, now)));
        }

        return decisions;
    }

    private static Message MessageOf(
        Caller caller, Draft draft, Route route, Message? parent, Verdict verdict, List<(RecipientFacts Facts, Decision Decision)> decisions, long number, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var (root, depth) = ChainOf(caller, route, parent, id);
        var credits = decisions is [{ Decision.Credits: { } state }] ? state : null;
        return new Message
        {
            Id = id,
            OrganizationId = caller.OrganizationId,
            ConversationId = route.Conversation.Id,
            ConversationKind = route.Conversation.Kind,
            Number = number,
            ProjectId = route.Conversation.ProjectId,
            Channel = route.Conversation.Kind == ConversationKind.Channel ? route.Conversation.Name : null,
            SenderKind = caller.Kind,
            SenderId = caller.Id,
            SenderName = caller.Name,
            SenderType = draft.AgentType ?? route.Sender?.Type ?? "",
            SessionId = caller.Origin?.SessionId ?? draft.SessionId,
            PeerAgentId = route is { Conversation.Kind: ConversationKind.Direct, Sender: not null, Recipients: [var (peer, _)] } ? peer.Id : null,
            Type = draft.Type,
            Content = draft.Content,
            Metadata = MetadataOf(draft, route),
            Mentions = draft.Mentions,
            ParentId = parent?.Id,
            RootId = root,
            Depth = depth,
            Key = draft.Key,
            ReplyBy = draft.ReplyBy,
            ExpiresAt = now + draft.TimeToLive,
            Withheld = WithheldBy(verdict, route),
            Verdict = verdict,
            CreditsLeft = credits?.CreditsRemaining,
            WindowResetAt = credits?.WindowResetAt,
            NotBefore = decisions.Max(pair => pair.Decision.NotBefore),
            CreatedAt = now,
        };
    }

    /// <summary>A turn's own chain comes first, so that nothing an agent hands in can leave it.</summary>
    private static (Guid Root, int Depth) ChainOf(Caller caller, Route route, Message? parent, Guid id) =>
        caller.Origin is { } origin ? (origin.RootId, origin.Depth + 1)
        : route.Chain is { } place && caller.IsAgent ? (place.RootId, place.Depth)
        : parent is not null && caller.IsAgent ? (parent.RootId, parent.Depth + 1)
        : (id, 0);

    private static string MetadataOf(Draft draft, Route route)
    {
        if (route.Metadata is not { } added)
        {
            return draft.Metadata;
        }

        var all = JsonNode.Parse(draft.Metadata)!.AsObject();
        foreach (var (name, value) in added)
        {
            all[name] = value?.DeepClone();
        }

        return all.ToJsonString();
    }

    /// <summary>A deferred mention in <c>agent_chat</c> keeps back the wake-up, not the text, which everybody may read there.</summary>
    private static Withheld WithheldBy(Verdict verdict, Route route) => verdict switch
    {
        Verdict.Held => Withheld.Held,
        Verdict.Deferred when route.Conversation.Kind == ConversationKind.Direct => Withheld.Deferred,
        _ => Withheld.No,
    };

    private async ValueTask<(SendReceipt, InboxPlaces)> DeliverAsync(
        IUnitOfWork unit, Message message, List<(RecipientFacts Facts, Decision Decision)> decisions)
    {
        var receipts = new List<DeliveryReceipt>(decisions.Count);
        var places = new InboxPlaces();
        foreach (var (facts, decision) in decisions.OrderBy(pair => pair.Facts.Agent.Id))
        {
            // What a person still has to approve draws its credits only then.
            var state = message.Verdict == Verdict.Held ? DeliveryState.Held : decision.State;
            var delivery = new Delivery
            {
                MessageId = message.Id,
                AgentId = facts.Agent.Id,
                State = state,
                LinkId = facts.Link?.Id,
                Turn = decision.Turn,
                NotBefore = decision.NotBefore,
                ExpiresAt = message.ExpiresAt,
                AcceptedAt = message.CreatedAt,
            };
            if (state == DeliveryState.Pending)
            {
                places.Add(facts.Agent.Id, unit.Deliveries.Append(delivery));
            }
            else
            {
                await unit.Deliveries.AddAsync(delivery);
            }

            if (decision.Credits is { } credits && (state != DeliveryState.Held || decision.State == DeliveryState.Held))
            {
                unit.Links.SaveState(credits);
            }

            if (message.ReplyBy is { } replyBy)
            {
                unit.Obligations.Add(new Obligation(message.Id, message.OrganizationId, facts.Agent.Id, facts.Agent.Name, message.CreatedAt, replyBy, RemindedAt: null));
            }

            receipts.Add(new DeliveryReceipt(facts.Agent.Name, state, decision.NotBefore));
        }

        return (new SendReceipt(message, Duplicate: false, receipts, receipts.Count, database.Durability), places);
    }
}

/// <summary>What was sent within a larger write.</summary>
/// <param name="Receipt">The answer to the sender.</param>
/// <param name="Places">Whom to wake after the commit.</param>
internal readonly record struct Sent(SendReceipt Receipt, InboxPlaces Places);
