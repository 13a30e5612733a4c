using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>One call of a tool: who calls, with what, and how to tell that it goes on.</summary>
internal sealed class McpCall(Caller caller, ToolArguments arguments, RequestContext<CallToolRequestParams> request, TimeProvider time, CancellationToken cancellation)
{
    /// <summary>How often a client that waits hears of it: some give up after 60 s of silence.</summary>
    public static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(15);

    /// <summary>How long a client waits that did not ask to hear of progress.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(50);

    public Caller Caller => caller;

    public ToolArguments Arguments => arguments;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Waits as long as the client will, and tells it of progress meanwhile.</summary>
    public async Task<T> WaitAsync<T>(TimeSpan wanted, Func<TimeSpan, Task<T>> work)
    {
        if (request.Params?.ProgressToken is not { } token)
        {
            return await work(wanted < Quiet ? wanted : Quiet);
        }

        var began = time.GetTimestamp();
        var waiting = work(wanted);
        while (true)
        {
            await ((Task)waiting).WaitAsync(ProgressEvery, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (waiting.IsCompleted || cancellation.IsCancellationRequested)
            {
                return await waiting;
            }

            var progress = new ProgressNotificationValue { Progress = (float)time.GetElapsedTime(began).TotalSeconds, Total = (float)wanted.TotalSeconds, Message = "Still waiting." };
            await request.Server.NotifyProgressAsync(token, progress, cancellationToken: cancellation);
        }
    }
}
