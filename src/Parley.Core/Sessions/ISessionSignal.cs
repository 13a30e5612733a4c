namespace Parley.Core.Sessions;

/// <summary>Tells whoever waits for an answer that something was said in a conversation. A hint: whoever waits looks by itself as well.</summary>
public interface ISessionSignal
{
    /// <summary>Begins to listen; what is said from now on ends a wait.</summary>
    ISessionWatch Watch(Guid conversationId);
}

/// <summary>Listens to one conversation until it is disposed of.</summary>
public interface ISessionWatch : IDisposable
{
    /// <summary>Returns when something was said since the last call, or after that time.</summary>
    Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
