namespace Parley.Core.Messages;

/// <summary>A later concept that hears of messages within the write that makes them readable, so that what follows from them is stored with them.</summary>
public interface IMessageFollower
{
    /// <summary>Refuses a message before anything of it was written, where it says of something else what cannot be.</summary>
    ValueTask CheckAsync(IUnitOfWork unit, Caller caller, Draft draft, Guid conversationId);

    /// <summary>The message can be read from now on: at once, or because a person or the credits let it go. Its conversation and the inboxes are locked. Never throws a refusal.</summary>
    ValueTask SaidAsync(IUnitOfWork unit, Message message, DateTimeOffset now);

    /// <summary>The message waited and will never be read.</summary>
    ValueTask RefusedAsync(IUnitOfWork unit, Message message, string reason, DateTimeOffset now);
}
