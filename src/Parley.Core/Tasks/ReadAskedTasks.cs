using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Tasks;

/// <summary>A task as who does it sees it.</summary>
/// <param name="Id">The task.</param>
/// <param name="Stage">How far it is now.</param>
/// <param name="Number">The number of the message that gave it in the inbox of who reads; null where it never was there.</param>
/// <param name="Owner">Who gave it, as one writes to it: an agent's name, <c>user:NAME</c>, or <c>#NAME</c> for a task of a channel.</param>
public sealed record AskedTask(Guid Id, TaskStage Stage, long? Number, string Owner);

/// <summary>Reads to which tasks the messages of an agent's own inbox belong, for doors whose callers know a task by the message that gave it.</summary>
public sealed class ReadAskedTasks(IDatabase database)
{
    /// <summary>Returns the tasks by message; messages without one are left out.</summary>
    /// <param name="caller">The agent.</param>
    /// <param name="received">Messages that were delivered to it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyDictionary<Guid, AskedTask>> RunAsync(Caller caller, IEnumerable<Message> received, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        var found = new Dictionary<Guid, AskedTask>();
        var mayHave = received.Where(message => TaskOf(message) is not null || AboutOf(message) is not null).ToList();
        return mayHave.Count == 0 ? found : await database.ReadAsync(
            async unit =>
            {
                foreach (var message in mayHave)
                {
                    if (await FindAsync(unit, message) is { } task)
                    {
                        found[message.Id] = await SeenAsync(unit, caller, task);
                    }
                }

                return found;
            },
            cancellationToken);
    }

    private static Guid? TaskOf(Message message) => TaskNote.IdOf(message.Metadata, TaskRules.Field);

    /// <summary>What Parley itself has to say of a message.</summary>
    private static Guid? AboutOf(Message message) => message.SenderKind == CallerKind.System ? message.ParentId : null;

    private static async ValueTask<TaskRecord?> FindAsync(IUnitOfWork unit, Message message) => TaskOf(message) is { } id
        ? await unit.Tasks.FindAsync(message.OrganizationId, id)
        : await unit.Tasks.FindByMessageAsync(AboutOf(message)!.Value);

    private static async ValueTask<AskedTask> SeenAsync(IUnitOfWork unit, Caller caller, TaskRecord task)
    {
        var given = await unit.Messages.FindAsync(task.OrganizationId, task.MessageId);
        var owner = given is null ? ""
            : given.ConversationKind == ConversationKind.Channel ? "#" + given.Channel
            : given.SenderKind == CallerKind.User ? PersonRoutes.Address + given.SenderName : given.SenderName;
        return new AskedTask(task.Id, task.Stage, (await unit.Deliveries.FindAsync(task.MessageId, caller.Id))?.Number, owner);
    }
}
