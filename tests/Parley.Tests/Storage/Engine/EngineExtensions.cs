using Parley.Core;
using Parley.Storage;

namespace Parley.Tests.Storage.Engine;

internal static class EngineExtensions
{
    public static readonly TimeSpan Patience = Waiting.Patience;

    public static Task<int> InsertAsync(this IEngine engine, string text) => engine.WriteAsync(
        session => session.ExecuteAsync("insert into entry(text) values ($1)", text), CancellationToken.None);

    public static async Task<List<string>> TextsAsync(this IEngine engine) => await engine.ReadAsync(
        session => session.ListAsync("select text from entry order by id", row => row.Text(0)), CancellationToken.None);

    public static async Task<ParleyError> RefusedAsync(this Task write, ErrorCode code)
    {
        var error = await Should.ThrowAsync<ParleyError>(() => write.WaitAsync(Patience));
        error.Code.ShouldBe(code);
        return error;
    }

    /// <summary>The next change to the state; listen before causing it.</summary>
    public static Task<StorageHealth> NextAsync(this IEngine engine, StorageState state)
    {
        var seen = new TaskCompletionSource<StorageHealth>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.HealthChanged += health =>
        {
            if (health.State == state)
                seen.TrySetResult(health);
        };
        return seen.Task.WaitAsync(Patience);
    }

    /// <summary>A unit that holds the writer until it is released, so that further writes gather behind it.</summary>
    public static (Task Begun, Task Written, ManualResetEventSlim Release) Hold(this IEngine engine)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new ManualResetEventSlim();
        var written = engine.WriteAsync(_ =>
        {
            begun.TrySetResult(); // a group in which another unit fails runs again
            release.Wait(Patience).ShouldBeTrue();
            return ValueTask.FromResult(0);
        }, CancellationToken.None);
        return (begun.Task, written, release);
    }
}
