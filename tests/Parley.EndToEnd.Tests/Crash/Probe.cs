using Parley.Client;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>A person who sends and asks for the server's health beside the load, one call after the other.</summary>
internal sealed class Probe(ServerProcess server) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly ParleyClient owner = new(new ParleyClientOptions { Server = server.Address, Token = server.OwnerSecret, RetryFor = TimeSpan.Zero });

    /// <summary>Sends until a send is refused.</summary>
    public async Task<ParleyException> RefusedAsync()
    {
        while (true)
        {
            if (await TrySendAsync() is { } refusal)
            {
                return refusal;
            }
        }
    }

    /// <summary>Sends until a send is accepted; how long that took.</summary>
    public Task<TimeSpan> UntilSentAsync() => UntilAsync(async () => await TrySendAsync() is null);

    /// <summary>Asks until the server says that it is ready, or that it is not; how long that took.</summary>
    public Task<TimeSpan> UntilAsync(bool ready) => UntilAsync(async () => await IsReadyAsync() == ready);

    public void Dispose() => owner.Dispose();

    private static async Task<TimeSpan> UntilAsync(Func<Task<bool>> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience);
            await Task.Delay(Pause, TimeProvider.System);
        }

        return TimeProvider.System.GetElapsedTime(started);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await owner.Server.CheckReadyAsync();
            return true;
        }
        catch (ParleyException error) when (error.Problem.Status == 503)
        {
            return false;
        }
    }

    private async Task<ParleyException?> TrySendAsync()
    {
        try
        {
            await owner.Messages.SendAsync(new SendRequest { To = "ada", Content = $"is there space? {Guid.NewGuid()}" });
            return null;
        }
        catch (ParleyException refusal)
        {
            return refusal;
        }
    }
}
