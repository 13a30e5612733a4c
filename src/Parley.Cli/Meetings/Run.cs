using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>When <c>parley meeting run</c> ends.</summary>
internal enum RunEnding
{
    /// <summary>Nobody speaks and nobody is waited for.</summary>
    Done,

    /// <summary>Somebody has answered.</summary>
    First,

    /// <summary>The message is stored.</summary>
    Posted,
}

/// <summary>A meeting without a person: says one thing and prints what follows.</summary>
internal static class Run
{
    public static RunEnding Ending(string text) => Enum.TryParse<RunEnding>(text, ignoreCase: true, out var ending) && Enum.IsDefined(ending)
        ? ending
        : throw Refusal.Wrong($"'{text}' is no ending.", "Use --until done, --until first or --until posted.", "until");

    public static async Task<int> RunAsync(Screen screen, ParleyClient client, MeetingView meeting, string text, RunEnding until, TimeSpan timeout, CancellationToken cancellation)
    {
        var post = await client.Meetings.PostAsync(meeting.Id.ToString(), new PostToMeetingRequest(text, Key: Guid.NewGuid().ToString()), cancellation).ConfigureAwait(false);
        using var late = new CancellationTokenSource(timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var view = new RoomView(Console.Out, colour: screen.IsTerminal && Screen.Colour);
        Print(screen, view, new MeetingEvent(MeetingEventKind.Message, Message: post.Message));
        if (until == RunEnding.Posted)
        {
            return ExitCode.Ok;
        }

        try
        {
            await foreach (var happened in client.Meetings.FollowAsync(meeting.Id.ToString(), post.Message.Number, either.Token).ConfigureAwait(false))
            {
                Print(screen, view, happened);
                if (IsEnd(happened, until))
                {
                    return ExitCode.Ok;
                }
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return screen.Error("The meeting did not end in time.", $"It goes on; see it with: parley meeting show {meeting.Name}, or wait longer with --timeout.", ExitCode.TryLater);
        }

        return ExitCode.Ok;
    }

    private static void Print(Screen screen, RoomView view, MeetingEvent happened)
    {
        if (!screen.IsJson)
        {
            view.Show(happened);
        }
        else if (happened.Message is { } message)
        {
            view.Skip(message);
            screen.Json(message, Screen.Wire.MessageView);
            screen.Flush();
        }
    }

    private static bool IsEnd(MeetingEvent happened, RunEnding until) => until == RunEnding.First
        ? happened.Message is { FromKind: "agent" }
        : happened.Kind == MeetingEventKind.Idle;
}
