using System.Globalization;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>What the room shows of a meeting when it is asked.</summary>
internal static class RoomPages
{
    public static string Participant(ParticipantView participant)
    {
        var role = participant.Role is { } named ? $", {SafeText.Line(named)}" : "";
        var halted = participant.Halted ? ", halted" : "";
        var about = participant.Description.Length > 0 ? $": {SafeText.Line(participant.Description)}" : "";
        return $"  {participant.Name} ({participant.Kind}{role}{halted}){about}";
    }

    public static string Agent(MeetingView room, ParticipantView participant)
    {
        var limit = room.Limits.TryGetValue(participant.Name, out var times) ? $"asked at most {times} times below one message of yours" : "no limit of its own";
        return $"{Participant(participant)}\n  {limit}";
    }

    public static string Settings(MeetingView room)
    {
        var lines = new List<string>
        {
            $"{room.Name}{(room.Topic.Length > 0 ? $": {SafeText.Line(room.Topic)}" : "")}",
            $"  Participants:      {RoomText.Names(room.Participants.Select(participant => participant.Name))}",
            $"  Max Chain Length:  {room.ChainLength}",
            $"  Strategy:          {room.Strategy}{(room.Moderator is { } moderator ? $" ({moderator})" : "")}",
            $"  Messages:          {room.Head}",
            $"  Started:           {Format.Local(room.CreatedAt)} by {SafeText.Line(room.CreatedBy)}",
        };
        if (room.Limits.Count > 0)
        {
            lines.Add($"  Limits:            {string.Join(", ", room.Limits.Select(limit => $"{limit.Key} {limit.Value}"))}");
        }

        return string.Join('\n', lines);
    }

    public static string Status(MeetingView room, IReadOnlyList<string> speaking)
    {
        var lines = new List<string>
        {
            speaking.Count > 0 ? $"Speaking: {RoomText.Names(speaking)}" : "Nobody speaks.",
            room.Waiting.Count > 0 ? $"Waiting for: {RoomText.Names(room.Waiting)}" : "Nobody is waited for.",
        };
        lines.AddRange(room.Suggestions.Select(next => next.Reason == "unheard"
            ? $"Ask {next.Agent} next: it was mentioned and could not speak (/respond {next.Agent})"
            : $"Ask {next.Agent} next: it has not spoken in this chain (/respond {next.Agent})"));
        return string.Join('\n', lines);
    }

    public static string Stats(MeetingStatsView stats)
    {
        var lines = new List<string>
        {
            $"Messages: {stats.Messages} ({stats.FromPeople} of people), chains: {stats.Chains}, turns: {stats.Turns}",
            $"Tokens: {stats.InputTokens} in, {stats.OutputTokens} out, cost: {Money(stats.Cost)}",
        };
        var most = stats.Depths.Count > 0 ? Math.Max(1, stats.Depths.Max(depth => depth.Answers)) : 1;
        lines.AddRange(stats.Depths.Select(depth => $"  depth {depth.Depth}  {new string('█', (int)Math.Ceiling(20.0 * depth.Answers / most)),-20}  {depth.Answers}"));
        lines.AddRange(stats.Speakers.Select(speaker => $"  {speaker.Agent} spoke {speaker.Answers} times in {speaker.Turns} turns, {Money(speaker.Cost)}"));
        lines.AddRange(stats.Mentions.Select(mention => $"  {mention.From} → {mention.To}: {mention.Count}"));
        if (stats.Endings.Count > 0)
        {
            lines.Add("Chains ended by: " + string.Join(", ", stats.Endings.Select(ending => $"{ending.EndedBy} {ending.Count}")));
        }

        return string.Join('\n', lines);
    }

    public static string Money(double dollars) => string.Create(CultureInfo.InvariantCulture, $"${dollars:0.00####}");
}
