using System.Runtime.CompilerServices;

namespace Parley.Tests.Support;

/// <summary>Waits for a result with a limit, so that a hung test fails with the name of what did not come.</summary>
public static class Waiting
{
    /// <summary>As long as a slow and busy machine may need; only a test that fails waits for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task Within(this Task task, TimeSpan limit, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(limit, TimeProvider.System);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {limit} in vain for: {what}");
        }
    }

    public static async Task<T> Within<T>(this Task<T> task, TimeSpan limit, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await Within((Task)task, limit, what);
        return await task;
    }

    public static Task Within(this ValueTask task, TimeSpan limit, [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().Within(limit, what);

    public static Task<T> Within<T>(this ValueTask<T> task, TimeSpan limit, [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().Within(limit, what);

    /// <summary>The next item of a stream, or a failure that names the stream.</summary>
    public static async Task<T> NextWithin<T>(this IAsyncEnumerator<T> stream, TimeSpan limit, [CallerArgumentExpression(nameof(stream))] string what = "") =>
        await stream.MoveNextAsync().Within(limit, what) ? stream.Current : throw new InvalidOperationException($"The stream ended: {what}");
}
