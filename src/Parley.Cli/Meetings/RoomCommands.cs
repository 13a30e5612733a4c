using System.Globalization;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>The commands that a person types in the room, each doing what its HTTP call does.</summary>
internal sealed class RoomCommands
{
    private const int HistoryLength = 20;
    private readonly ParleyClient client;
    private readonly string meeting;
    private readonly RoomView view;
    private readonly Action quit;
    private readonly Action clear;

    public RoomCommands(ParleyClient client, string meeting, RoomView view, Action clear, Action quit)
    {
        (this.client, this.meeting, this.view, this.clear, this.quit) = (client, meeting, view, clear, quit);
        All =
        [
            new("help", "", "this page", TakesAgent: false, (_, _) => Say(Help())),
            new("history", "[n]", "the last messages as a tree of who answered whom", TakesAgent: false, HistoryAsync),
            new("chain-length", "[n]", "show or set how deep agents may make each other speak; 0 switches it off", TakesAgent: false, ChainLengthAsync),
            new("respond", "<agent>", "hear an agent, also when the chain has met its limit", TakesAgent: true, RespondAsync),
            new("stop", "[agent]", "stop the one speaking, or everybody who was asked", TakesAgent: true, StopAsync),
            new("add", "<agent>", "take an agent into the room", TakesAgent: true, AddAsync),
            new("remove", "<agent>", "take an agent out of the room", TakesAgent: true, RemoveAsync),
            new("participants", "", "who is in the room", TakesAgent: false, ParticipantsAsync),
            new("agent", "<agent>", "show one participant", TakesAgent: true, AgentAsync),
            new("show", "", "the settings of the meeting", TakesAgent: false, ShowAsync),
            new("topic", "<text>", "set what the meeting is about", TakesAgent: false, (text, stop) => EditAsync(new EditMeetingRequest(Topic: text), $"✓ Topic: {SafeText.Line(text)}", stop)),
            new("limit", "<agent> <n>", "bound how often an agent is asked below one message of yours; 'off' removes it", TakesAgent: true, LimitAsync),
            new("strategy", "<name>", "when chains end: depth, budget, no_new_content, consensus or moderator", TakesAgent: false, (name, stop) => EditAsync(new EditMeetingRequest(Strategy: name), $"✓ Strategy: {SafeText.Line(name)}", stop)),
            new("moderator", "<agent>", "let an agent decide who speaks next", TakesAgent: true, (name, stop) => EditAsync(new EditMeetingRequest(Strategy: "moderator", Moderator: Plain(name)), $"✓ {Plain(name)} moderates.", stop)),
            new("status", "", "who speaks, who is waited for, whom to ask next", TakesAgent: false, StatusAsync),
            new("stats", "", "figures of the meeting's chains", TakesAgent: false, StatsAsync),
            new("export", "[file]", "write the transcript: .md, or .jsonl with one message a line", TakesAgent: false, ExportAsync),
            new("clear", "", "clear the screen", TakesAgent: false, (_, _) => Do(clear)),
            new("quit", "", "leave; the meeting stays (Ctrl+D does the same)", TakesAgent: false, (_, _) => Do(quit)),
        ];
    }

    public IReadOnlyList<SlashCommand> All { get; }

    /// <summary>Runs a line that begins with a slash; a refusal is told, not thrown.</summary>
    public async Task RunAsync(string line, CancellationToken cancellation)
    {
        var (name, argument) = SlashCommand.Read(line);
        if (All.FirstOrDefault(command => command.Name == name) is not { } command)
        {
            var near = All.Where(command => name.Length > 0 && command.Name.StartsWith(name, StringComparison.Ordinal)).Select(command => "/" + command.Name).ToList();
            view.Note($"There is no command /{SafeText.Line(name)}. {(near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "/help shows all.")}");
        }
        else if (command.Arguments.StartsWith('<') && argument.Length == 0)
        {
            view.Note($"Write it as: {command.Usage}");
        }
        else
        {
            await command.RunAsync(argument, cancellation).ConfigureAwait(false);
        }
    }

    private string Help()
    {
        var width = All.Max(command => command.Usage.Length) + 2;
        var commands = string.Join('\n', All.Select(command => $"  {command.Usage.PadRight(width)}{command.Help}"));
        return $"""
            A message goes to the agents it mentions (@name), or to the one it begins with (name, …), or else to all.

            {commands}

            Agent-to-agent communication
              Agents make each other speak with @name, up to the maximum chain length:

                User: Question?
                ceo: Answer. @cto what do you think?
                  ↳ [Agent-to-agent chain, depth 1/4]
                cto: Response. @cfo budget?
                    ↳ [Agent-to-agent chain, depth 2/4]

              @user in an agent's answer ends the chain and asks you.

            Keys: Tab completes, ↑ and ↓ go through your lines, Ctrl+C stops the one speaking, Ctrl+D leaves.
            """;
    }

    private async Task HistoryAsync(string argument, CancellationToken cancellation)
    {
        if (!TryNumber(argument, HistoryLength, 1, 500, out var length))
        {
            view.Note("Write it as: /history 20");
            return;
        }

        var page = await client.Meetings.HistoryAsync(meeting, limit: length, cancellation: cancellation).ConfigureAwait(false);
        view.Note(page.Items.Count == 0 ? "Nothing was said yet." : string.Join('\n', ChainTree.Lines(page.Items, Room.Columns())));
    }

    private async Task ChainLengthAsync(string argument, CancellationToken cancellation)
    {
        var before = (await client.Meetings.FindAsync(meeting, cancellation).ConfigureAwait(false)).ChainLength;
        if (argument.Length == 0)
        {
            view.Note(RoomText.LengthSettings(before));
        }
        else if (!TryNumber(argument, before, 0, 100, out var length))
        {
            view.Note("The chain length is a number from 0 to 100, such as: /chain-length 4");
        }
        else
        {
            var after = await client.Meetings.EditAsync(meeting, new EditMeetingRequest(ChainLength: length), cancellation).ConfigureAwait(false);
            view.Note(RoomText.LengthChanged(before, after.ChainLength, after.Warnings));
        }
    }

    private async Task RespondAsync(string agent, CancellationToken cancellation) =>
        await client.Meetings.RespondAsync(meeting, Plain(agent), cancellation).ConfigureAwait(false);

    private async Task StopAsync(string agent, CancellationToken cancellation)
    {
        await client.Meetings.StopAsync(meeting, agent.Length > 0 ? Plain(agent) : null, cancellation).ConfigureAwait(false);
        view.Note("✓ Stopped.");
    }

    private async Task AddAsync(string agent, CancellationToken cancellation)
    {
        var room = await client.Meetings.AddParticipantAsync(meeting, Plain(agent), cancellation).ConfigureAwait(false);
        view.Note($"✓ In the room: {Participants(room)}");
    }

    private async Task RemoveAsync(string agent, CancellationToken cancellation)
    {
        var room = await client.Meetings.RemoveParticipantAsync(meeting, Plain(agent), cancellation).ConfigureAwait(false);
        view.Note($"✓ In the room: {Participants(room)}");
    }

    private async Task ParticipantsAsync(string argument, CancellationToken cancellation)
    {
        var room = await client.Meetings.FindAsync(meeting, cancellation).ConfigureAwait(false);
        view.Note(string.Join('\n', room.Participants.Select(RoomPages.Participant)));
    }

    private async Task AgentAsync(string name, CancellationToken cancellation)
    {
        var room = await client.Meetings.FindAsync(meeting, cancellation).ConfigureAwait(false);
        var participant = room.Participants.FirstOrDefault(participant => participant.Name == Plain(name));
        view.Note(participant is null ? $"'{SafeText.Line(Plain(name))}' is not in the room: {Participants(room)}" : RoomPages.Agent(room, participant));
    }

    private async Task ShowAsync(string argument, CancellationToken cancellation) =>
        view.Note(RoomPages.Settings(await client.Meetings.FindAsync(meeting, cancellation).ConfigureAwait(false)));

    private async Task LimitAsync(string argument, CancellationToken cancellation)
    {
        var parts = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var off = parts is [_, "off"];
        if (parts.Length != 2 || (!TryNumber(parts[1], 0, 0, 100, out var times) & !off))
        {
            view.Note("Write it as: /limit cto 2, or /limit cto off");
            return;
        }

        var limits = new Dictionary<string, int>((await client.Meetings.FindAsync(meeting, cancellation).ConfigureAwait(false)).Limits);
        var agent = Plain(parts[0]);
        if (off)
        {
            limits.Remove(agent);
        }
        else
        {
            limits[agent] = times;
        }

        await EditAsync(new EditMeetingRequest(Limits: limits), off ? $"✓ {agent} has no limit of its own." : $"✓ {agent} is asked at most {times} times below one message of yours.", cancellation).ConfigureAwait(false);
    }

    private async Task StatusAsync(string argument, CancellationToken cancellation) =>
        view.Note(RoomPages.Status(await client.Meetings.FindAsync(meeting, cancellation).ConfigureAwait(false), [.. view.Speakers]));

    private async Task StatsAsync(string argument, CancellationToken cancellation) =>
        view.Note(RoomPages.Stats(await client.Meetings.StatsAsync(meeting, cancellation).ConfigureAwait(false)));

    private async Task ExportAsync(string argument, CancellationToken cancellation)
    {
        var file = argument.Length > 0 ? argument : $"{view.Meeting?.Name ?? "meeting"}.md";
        var format = file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? "jsonl" : "markdown";
        await using (var target = new FileStream(file, FileMode.CreateNew))
        {
            await client.Meetings.ExportAsync(meeting, format, target, cancellation).ConfigureAwait(false);
        }

        view.Note($"✓ Written to {SafeText.Line(Path.GetFullPath(file))}");
    }

    private async Task EditAsync(EditMeetingRequest change, string said, CancellationToken cancellation)
    {
        var room = await client.Meetings.EditAsync(meeting, change, cancellation).ConfigureAwait(false);
        view.Note(string.Join('\n', room.Warnings.Select(warning => "⚠️  " + SafeText.Line(warning)).Prepend(said)));
    }

    private Task Say(string text) => Do(() => view.Note(text));

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static string Participants(MeetingView room) => RoomText.Names(room.Participants.Select(participant => participant.Name));

    private static string Plain(string agent) => agent.TrimStart('@').ToLowerInvariant();

    private static bool TryNumber(string text, int whenEmpty, int least, int most, out int number)
    {
        number = whenEmpty;
        return text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most);
    }
}
