using Parley.Client;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>Repeats a call that may be repeated until the server has answered it, however often it dies meanwhile.</summary>
internal static class Patiently
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the call may have been done.</summary>
    public static bool IsWithoutAnswer(ParleyException error) => error.Code is ParleyException.OutcomeUnknown or ParleyException.Unreachable;

    /// <summary>Whether the server refuses only for a while.</summary>
    public static bool MayPass(ParleyException error) => error.Code is "busy" or "storage_unavailable" or "storage_full" or "shutting_down";

    public static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ParleyException error) when (IsWithoutAnswer(error) || MayPass(error))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }
}
