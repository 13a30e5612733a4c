using System.Runtime.CompilerServices;
using Parley.Core;
using Parley.Core.Sessions;
using Parley.Core.Tasks;
using Parley.Server.A2a.Wire;
using Parley.Server.Live;

namespace Parley.Server.A2a;

/// <summary>Waits for tasks: woken by what is said where they are spoken of, and by looking, because a hint may be lost.</summary>
internal sealed class TaskWait(ReadTask read, ISessionSignal signal, Stopping stopping, TimeProvider time)
{
    /// <summary>How long a call waits for the end of a task: below the five minutes after which usual clients give a silent answer up.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The task once it has ended or waits for its owner, or as it is when the time is over.</summary>
    public async Task<TaskView> UntilSettledAsync(Caller caller, string agent, TaskView view, CancellationToken cancellationToken)
    {
        using var watch = signal.Watch(view.Task.ConversationId);
        var began = time.GetTimestamp();
        while (true)
        {
            // What came before the watch was there is found by this read.
            view = await read.RunAsync(caller, agent, view.Task.Id, cancellationToken);
            if (IsSettled(view.Task) || time.GetElapsedTime(began) >= Longest || stopping.Token.IsCancellationRequested)
            {
                return view;
            }

            await watch.WaitAsync(Look, cancellationToken);
        }
    }

    /// <summary>The task, and what becomes of it until it has ended: every reader gets the same events in the same order.</summary>
    public async IAsyncEnumerable<StreamResponse> FollowAsync(
        Caller caller, string agent, TaskView view, int? history, bool untilItWaits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new StreamResponse { Task = TaskMapping.ToWire(view, history) };
        using var watch = signal.Watch(view.Task.ConversationId);
        var (told, stage) = (view.Task.Events, view.Task.Stage);
        while (!(view.Task.Ended || (untilItWaits && TaskRules.Waits(view.Task.Stage))) && !stopping.Token.IsCancellationRequested)
        {
            view = await read.RunAsync(caller, agent, view.Task.Id, cancellationToken);
            var fresh = view.Steps.SkipWhile(step => step.Event.Number <= told).ToList();
            foreach (var step in fresh)
            {
                stage = step.Event.Kind == TaskEventKind.Status ? step.Event.Stage : stage;
                if (TaskMapping.ToEvent(view.Task, step) is { } happened)
                {
                    yield return happened;
                }
            }

            // A session that starts stores no event of the task.
            if (view.Task.Stage != stage)
            {
                stage = view.Task.Stage;
                yield return TaskMapping.Status(view.Task, new AgentTaskStatus { State = TaskMapping.StateOf(stage), Timestamp = time.GetUtcNow() });
            }

            told = view.Task.Events;
            if (fresh.Count == 0)
            {
                await watch.WaitAsync(Look, cancellationToken);
            }
        }
    }

    /// <summary>A stream of one event.</summary>
    public static async IAsyncEnumerable<StreamResponse> One(StreamResponse only)
    {
        await Task.CompletedTask;
        yield return only;
    }

    private static bool IsSettled(TaskRecord task) => task.Ended || TaskRules.Waits(task.Stage);
}
