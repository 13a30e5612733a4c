using System.Threading.Channels;
using Parley.Cli.Shell;
using Parley.Cli.Terminal;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>The room on a terminal: what is said comes in above, what a person types goes out below. One loop does both, so that nothing is drawn at once.</summary>
internal sealed class Room
{
    private static readonly TimeSpan Twice = TimeSpan.FromSeconds(2);
    private readonly ParleyClient client;
    private readonly string meeting;
    private readonly RoomView view;
    private readonly RoomCommands commands;
    private readonly LineEditor line;
    private readonly PromptLine prompt;
    private readonly Channel<Func<Task>> inbox = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<string> typedAhead = [];
    private readonly HashSet<string> own = [];
    private IReadOnlyList<string> elsewhere = [];
    private long interrupted;
    private bool left;

    private Room(ParleyClient client, string meeting, LineHistory history)
    {
        (this.client, this.meeting) = (client, meeting);
        view = new RoomView(Console.Out, Screen.Colour);
        commands = new RoomCommands(client, meeting, view, () => Console.Out.Write("\e[2J\e[H"), () => left = true);
        line = new LineEditor(history, before => RoomCompletion.Of(before, commands.All, [.. view.Meeting?.Participants.Select(participant => participant.Name) ?? []], elsewhere));
        prompt = new PromptLine(Console.Out, Columns);
    }

    public static int Columns() => Console.WindowWidth is > 0 and var width ? width : 80;

    /// <summary>Runs until the person leaves. A message that is there already is shown from <paramref name="after"/> on; an opening is posted first.</summary>
    public static async Task RunAsync(ParleyClient client, MeetingView meeting, long after, string? opening, RoomHistoryFile file, CancellationToken cancellation)
    {
        var room = new Room(client, meeting.Id.ToString(), new LineHistory(file.Read()));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = room.FollowAsync(after, stop.Token);
        KeyReader.Start(key => room.inbox.Writer.TryWrite(() => room.PressAsync(key, stop.Token)));
        room.view.Note(RoomPages.Settings(meeting));
        room.view.Note("Type to talk, @name asks one, /help shows the commands, Ctrl+D leaves.");
        try
        {
            await room.LearnNamesAsync(stop.Token).ConfigureAwait(false);
            if (opening is not null)
            {
                room.inbox.Writer.TryWrite(() => room.SayAsync(opening, shown: false, stop.Token));
            }

            await room.LoopAsync(stop.Token).ConfigureAwait(false);
        }
        finally
        {
            room.prompt.Hide();
            await stop.CancelAsync().ConfigureAwait(false);
            file.Write(room.line.History.Lines);
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LoopAsync(CancellationToken cancellation)
    {
        Prompt();
        while (!left)
        {
            var act = await inbox.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            await act().ConfigureAwait(false);
            while (!left && !view.IsSpeaking && typedAhead.TryDequeue(out var typed))
            {
                await SubmitAsync(typed, cancellation).ConfigureAwait(false);
            }

            if (!left)
            {
                Prompt();
            }
        }
    }

    /// <summary>Feeds the loop with what happens; a failure that waiting cannot mend ends the room through the loop.</summary>
    private async Task FollowAsync(long after, CancellationToken cancellation)
    {
        try
        {
            await foreach (var happened in client.Meetings.FollowAsync(meeting, after, cancellation).ConfigureAwait(false))
            {
                inbox.Writer.TryWrite(() => Happen(happened));
            }
        }
        catch (ParleyException refusal)
        {
            inbox.Writer.TryWrite(() => throw refusal);
        }
    }

    private Task Happen(MeetingEvent happened)
    {
        if (happened.Message is { FromKind: "user", Content: { } content } message && own.Remove(content))
        {
            view.Skip(message);
            return Task.CompletedTask;
        }

        prompt.Hide();
        view.Show(happened);
        return Task.CompletedTask;
    }

    private async Task PressAsync(ConsoleKeyInfo key, CancellationToken cancellation)
    {
        switch (line.Press(key))
        {
            case LineOutcome.Submitted when view.IsSpeaking:
                typedAhead.Enqueue(line.Take());
                break;
            case LineOutcome.Submitted:
                prompt.Leave(line);
                await SubmitAsync(line.Take(), cancellation).ConfigureAwait(false);
                break;
            case LineOutcome.Interrupted:
                await InterruptAsync(cancellation).ConfigureAwait(false);
                break;
            case LineOutcome.Ended:
                left = true;
                break;
            case LineOutcome.Candidates:
                prompt.Hide();
                view.Note(string.Join("  ", line.Candidates));
                break;
            case LineOutcome.Cleared:
                Console.Out.Write("\e[2J\e[H");
                break;
            default:
                break;
        }
    }

    private async Task SubmitAsync(string text, CancellationToken cancellation)
    {
        if (text.Trim() is not { Length: > 0 } said)
        {
            return;
        }

        Console.Out.WriteLine();
        if (!said.StartsWith('/'))
        {
            await SayAsync(said, shown: true, cancellation).ConfigureAwait(false);
            return;
        }

        await TryAsync(() => commands.RunAsync(said, cancellation)).ConfigureAwait(false);
        if (said.StartsWith("/add", StringComparison.Ordinal) || said.StartsWith("/remove", StringComparison.Ordinal))
        {
            await LearnNamesAsync(cancellation).ConfigureAwait(false);
        }
    }

    private Task SayAsync(string text, bool shown, CancellationToken cancellation) => TryAsync(async () =>
    {
        if (shown)
        {
            own.Add(text);
        }

        try
        {
            await client.Meetings.PostAsync(meeting, new PostToMeetingRequest(text, Key: Guid.NewGuid().ToString()), cancellation).ConfigureAwait(false);
        }
        catch
        {
            own.Remove(text);
            throw;
        }
    });

    /// <summary>Ctrl+C: the one speaking first, then what was typed; with nothing to stop it says how to leave.</summary>
    private async Task InterruptAsync(CancellationToken cancellation)
    {
        if (view.Speakers.FirstOrDefault() is { } speaker)
        {
            await TryAsync(() => client.Meetings.StopAsync(meeting, speaker, cancellation)).ConfigureAwait(false);
        }
        else if (line.Text.Length > 0)
        {
            prompt.Hide();
            line.Clear();
        }
        else if (interrupted > 0 && TimeProvider.System.GetElapsedTime(interrupted) < Twice)
        {
            left = true;
        }
        else
        {
            interrupted = TimeProvider.System.GetTimestamp();
            prompt.Hide();
            view.Note("Nobody speaks. Ctrl+D leaves the room (or Ctrl+C once more).");
        }
    }

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (ParleyException refusal)
        {
            view.Note($"error: {SafeText.Line(refusal.Message)}\nfix: {SafeText.Line(refusal.Fix)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            view.Note($"error: {SafeText.Line(fault.Message)}");
        }
    }

    private async Task LearnNamesAsync(CancellationToken cancellation)
    {
        var inRoom = (await client.Meetings.FindAsync(meeting, cancellation).ConfigureAwait(false)).Participants.Select(participant => participant.Name);
        elsewhere = [.. (await client.Agents.ListAsync(cancellation).ConfigureAwait(false)).Items.Select(agent => agent.Name).Except(inRoom)];
    }

    /// <summary>While somebody speaks there is no line to type in; what is typed is kept and appears with the next one.</summary>
    private void Prompt()
    {
        if (view.IsSpeaking)
        {
            prompt.Hide();
            return;
        }

        var thinking = string.Join(", ", view.Speakers);
        prompt.Show(line, thinking.Length > 0 ? $"({thinking}…) > " : "> ");
    }
}
