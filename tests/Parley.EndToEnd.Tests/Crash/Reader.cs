using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>Follows an inbox by its cursor through every restart, and acknowledges now and then what it has.</summary>
internal static class Reader
{
    private const int AtOnce = 25;

    public static async Task RunAsync(Reading reading, IAsyncEnumerable<MessageView> inbox, Func<string, Task<AckResponse>> acknowledge, CancellationToken stopped)
    {
        await foreach (var message in inbox.WithCancellation(stopped))
        {
            reading.Receive(message);
            if (reading.Count.Value % AtOnce == 0)
            {
                reading.Acknowledge(await Patiently.AskAsync(() => acknowledge(message.Cursor!), stopped));
            }
        }
    }
}
