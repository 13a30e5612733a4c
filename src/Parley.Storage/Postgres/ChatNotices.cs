namespace Parley.Storage.Postgres;

/// <summary>Tells at once that somebody inserted into <c>agent_chat</c>, so that nobody waits for the next round of a loop. A hint: what is missed meanwhile is found by the loop.</summary>
public sealed class ChatNotices(string connectionString, TimeProvider time)
{
    /// <summary>Calls back after every insert, and after every new connection, until cancelled. The callback must not block.</summary>
    public Task RunAsync(Action inserted, CancellationToken cancellationToken) =>
        new NoticeListener(connectionString, "parley_chat", time).RunAsync(_ => inserted(), cancellationToken);
}
