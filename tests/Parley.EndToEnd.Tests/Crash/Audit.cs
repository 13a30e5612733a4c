namespace Parley.EndToEnd.Tests.Crash;

/// <summary>Compares what the clients were told with what is stored. Whatever it returns is a broken promise.</summary>
internal sealed class Audit(World world, StoredState stored)
{
    private readonly List<string> violations = [];
    private readonly Dictionary<Guid, StoredMessage> messages = stored.Messages.ToDictionary(message => message.Id);
    private readonly ILookup<Guid, StoredDelivery> deliveries = stored.Deliveries.ToLookup(delivery => delivery.Message);

    public static async Task<IReadOnlyList<string>> RunAsync(World world) => new Audit(world, await StoredState.ReadAsync(world.Server.Storage)).Run();

    public IReadOnlyList<string> Run()
    {
        CheckAnswers();
        CheckDuplicates();
        CheckConversations();
        CheckInboxes();
        CheckReadings();
        CheckLinks();
        return violations;
    }

    /// <summary>Everything acknowledged is there, as it was answered, for everybody it was for; nothing refused is.</summary>
    private void CheckAnswers()
    {
        foreach (var (attempt, response, _) in world.Ledger.Answers)
        {
            var text = attempt.Request.Content!;
            if (!messages.TryGetValue(response.MessageId, out var message))
            {
                violations.Add($"lost: {Short(text)} was answered '{response.Verdict}'");
                continue;
            }

            Expect((message.Sender, message.Key, message.Content) == (attempt.Sender, attempt.Request.Key, text), $"changed: {Short(text)} became {Short(message.Content)}");
            Expect((message.Conversation, message.Number) == (response.ConversationId, response.Number), $"renumbered: {Short(text)} was answered {response.Number} and is {message.Number}");
            var recipients = attempt.Request.To == "#general" ? world.Members.Select(member => member.Name).Where(name => name != attempt.Sender) : [attempt.Request.To!];
            Expect(deliveries[message.Id].Select(delivery => delivery.Agent).Order().SequenceEqual(recipients.Order()), $"deliveries lost or added: {Short(text)}");
        }

        var keys = stored.Messages.Select(message => message.Key).ToHashSet();
        var answered = world.Ledger.Answers.Select(answer => answer.Attempt).ToHashSet();
        foreach (var (attempt, code) in world.Ledger.Refusals.Where(refusal => refusal.Attempt.Request.Key is not null && !answered.Contains(refusal.Attempt)))
        {
            Expect(!keys.Contains(attempt.Request.Key), $"stored: {Short(attempt.Request.Content!)} was refused as {code}");
        }

        foreach (var approved in world.Ledger.Approvals)
        {
            Expect(deliveries[approved].All(delivery => delivery.State != "held"), $"approval lost: {approved}");
        }
    }

    /// <summary>Every text is another one, so that each may be there once, whether it had a key or not.</summary>
    private void CheckDuplicates()
    {
        foreach (var twin in stored.Messages.GroupBy(message => (message.Sender, message.Content)).Where(group => group.Count() > 1))
        {
            violations.Add($"stored {twin.Count()} times: {Short(twin.Key.Content)}");
        }
    }

    /// <summary>Numbers without gaps, in the order in which each connection sent.</summary>
    private void CheckConversations()
    {
        foreach (var (id, head) in stored.Heads)
        {
            var numbers = stored.Messages.Where(message => message.Conversation == id).Select(message => message.Number).Order();
            Expect(numbers.SequenceEqual(Numbers(head)), $"gap in conversation {id} up to {head}");
        }

        // What was repeated after an error took its place later than its turn.
        foreach (var line in world.Ledger.Answers.Where(answer => !answer.Repeated).GroupBy(answer => (answer.Attempt.Sender, answer.Response.ConversationId)))
        {
            var numbers = line.OrderBy(answer => answer.Attempt.Order).Select(answer => answer.Response.Number).ToList();
            Expect(numbers.SequenceEqual(numbers.Order()), $"out of order: what {line.Key.Sender} sent in {line.Key.ConversationId}");
        }
    }

    /// <summary>Inbox numbers without gaps, conversations in order within, and the cursor where it was acknowledged.</summary>
    private void CheckInboxes()
    {
        var held = stored.Links.Where(link => link.Hold).Select(link => link.Id).ToHashSet();
        foreach (var inbox in stored.Inboxes)
        {
            var entries = stored.Deliveries.Where(delivery => delivery.Agent == inbox.Agent && delivery.Number is not null).OrderBy(delivery => delivery.Number).ToList();
            Expect(entries.Select(entry => entry.Number!.Value).SequenceEqual(Numbers(inbox.Head)), $"gap in the inbox of {inbox.Agent} up to {inbox.Head}");
            Expect(entries.All(entry => messages.ContainsKey(entry.Message)), $"the inbox of {inbox.Agent} holds deliveries without their message");
            foreach (var conversation in entries.Where(entry => messages.ContainsKey(entry.Message) && (entry.Link is not { } link || !held.Contains(link))).GroupBy(entry => messages[entry.Message].Conversation))
            {
                var numbers = conversation.Select(entry => messages[entry.Message].Number).ToList();
                Expect(numbers.SequenceEqual(numbers.Order()), $"out of order: conversation {conversation.Key} in the inbox of {inbox.Agent}");
            }

            Expect(entries.All(entry => (entry.State is "acknowledged" or "replied") == entry.Number <= inbox.Cursor), $"states of {inbox.Agent} do not fit its cursor {inbox.Cursor}");
        }
    }

    /// <summary>Every reader has seen its whole inbox, in order, each message once; no acknowledged cursor went back.</summary>
    private void CheckReadings()
    {
        foreach (var reading in world.Ledger.Readings)
        {
            var inbox = stored.Deliveries.Where(delivery => delivery.Agent == reading.Agent && delivery.Number is not null).ToDictionary(delivery => delivery.Number!.Value, delivery => delivery.Message);
            var (received, wrong) = reading.Snapshot();
            violations.AddRange(wrong);
            Expect(received.Select(message => message.Number).SequenceEqual(Numbers(received.Count)), $"gap, repetition or disorder in what {reading.Agent} received");
            Expect(received.All(message => inbox.GetValueOrDefault(message.Number) == message.Id), $"{reading.Agent} received what its inbox does not hold");
            var cursor = stored.Inboxes.Single(entry => entry.Agent == reading.Agent).Cursor;
            Expect(cursor >= reading.Acknowledged, $"the cursor of {reading.Agent} is {cursor}, {reading.Acknowledged} was acknowledged");
        }
    }

    /// <summary>Credits within bounds and counted right; deferred messages released in the order accepted.</summary>
    private void CheckLinks()
    {
        var counted = world.Links.Where(World.IsCounted).Select(link => link.Id).ToHashSet();
        foreach (var link in stored.Links)
        {
            var ofLink = stored.Deliveries.Where(delivery => delivery.Link == link.Id).ToList();
            Expect(link.Credits >= 0 && link.Credits <= link.Quota, $"{link.Credits} of {link.Quota} credits on {link.Id}");
            Expect(link.Waiting == ofLink.Count(delivery => delivery.State == "deferred"), $"{link.Waiting} are said to wait on {link.Id}");
            Expect(!counted.Contains(link.Id) || link.Credits == link.Quota - ofLink.Count(delivery => delivery.Number is not null), $"{link.Credits} credits are left on {link.Id}, which delivered {ofLink.Count(delivery => delivery.Number is not null)}");
            var queue = ofLink.Where(delivery => delivery.Turn > 0).OrderBy(delivery => delivery.Turn).ToList();
            Expect(queue.SkipWhile(delivery => delivery.Number is not null).All(delivery => delivery.Number is null), $"overtaken in the queue of {link.Id}");
        }
    }

    private void Expect(bool kept, string otherwise)
    {
        if (!kept)
        {
            violations.Add(otherwise);
        }
    }

    private static IEnumerable<long> Numbers(long head) => Enumerable.Range(1, (int)head).Select(number => (long)number);

    private static string Short(string text) => $"'{text.TrimEnd('x').Trim()}'";
}
