using Parley.Client;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>Repeats a call that may be repeated until the server has answered it, however often it dies meanwhile.</summary>
internal static class Patiently
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ParleyException error) when (error.Code is ParleyException.OutcomeUnknown or ParleyException.Unreachable or "busy" or "storage_unavailable" or "storage_full" or "shutting_down")
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }
}
