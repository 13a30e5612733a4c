namespace Parley.EndToEnd.Tests.Crash;

/// <summary>A count that others wait for.</summary>
internal sealed class Counter
{
    private readonly Lock guard = new();
    private readonly List<(long Goal, TaskCompletionSource Reached)> waiting = [];
    private long value;

    public long Value => Volatile.Read(ref value);

    public void Increment()
    {
        lock (guard)
        {
            value++;
            for (var i = waiting.Count - 1; i >= 0; i--)
            {
                if (waiting[i].Goal <= value)
                {
                    waiting[i].Reached.SetResult();
                    waiting.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Ends when the count is there.</summary>
    public Task ReachAsync(long goal)
    {
        lock (guard)
        {
            if (value >= goal)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((goal, reached));
            return reached.Task;
        }
    }

    /// <summary>Ends when that many more have come.</summary>
    public Task MoreAsync(long count) => ReachAsync(Value + count);
}
