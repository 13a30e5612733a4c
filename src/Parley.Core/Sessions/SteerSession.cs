using Parley.Core.Messages;

namespace Parley.Core.Sessions;

/// <summary>Puts a message into a spawned session: a running turn takes it before its next model call.</summary>
public sealed class SteerSession(IDatabase database, SendMessage send)
{
    /// <summary>Returns the session and the message. Throws <c>not_found</c>, <c>forbidden</c> for whoever neither spawned it nor is a person, and <c>session_ended</c>.</summary>
    public Task<Steered> RunAsync(Caller caller, string name, string message, string? key, CancellationToken cancellationToken) =>
        RunAsync(caller, name, message, OriginKey.Of(caller, key, "steer", name, message), OriginKey.HoldOf(caller), cancellationToken);

    internal async Task<Steered> RunAsync(
        Caller caller, string name, string message, string? key, Func<IUnitOfWork, ValueTask> first, CancellationToken cancellationToken)
    {
        var session = await database.ReadAsync(unit => SessionLookup.CommandedAsync(unit, caller, name), cancellationToken);
        var receipt = await send.RunAsync(
            caller, new SendInput { To = SessionRoutes.Address + session.Id, Content = message, Type = "coordination", Key = key }, first, cancellationToken);
        return new Steered(session, receipt);
    }
}

/// <summary>A message that was put into a session.</summary>
/// <param name="Session">The session.</param>
/// <param name="Receipt">The message.</param>
public sealed record Steered(Subagent Session, SendReceipt Receipt);
