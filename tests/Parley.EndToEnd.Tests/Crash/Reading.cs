using System.Globalization;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>What one agent has received and acknowledged, in the order in which it did.</summary>
internal sealed class Reading(string agent)
{
    private readonly Lock guard = new();
    private readonly List<(long Number, Guid Id)> received = [];
    private readonly List<string> violations = [];

    public string Agent => agent;

    /// <summary>How many messages came.</summary>
    public Counter Count { get; } = new();

    /// <summary>The highest number whose acknowledgement was answered.</summary>
    public long Acknowledged { get; private set; }

    public int Acknowledgements { get; private set; }

    public (IReadOnlyList<(long Number, Guid Id)> Received, IReadOnlyList<string> Violations) Snapshot()
    {
        lock (guard)
        {
            return ([.. received], [.. violations]);
        }
    }

    public void Receive(MessageView message)
    {
        lock (guard)
        {
            received.Add((message.InboxNumber!.Value, message.Id));
        }

        Count.Increment();
    }

    public void Acknowledge(AckResponse answer)
    {
        lock (guard)
        {
            Acknowledgements++;
            See(answer.Cursor, "an acknowledgement", Acknowledged);
            Acknowledged = Math.Max(Acknowledged, NumberOf(answer.Cursor));
        }
    }

    /// <summary>Notes a cursor that the server shows: never below one that it had confirmed before it was asked.</summary>
    public void See(string cursor, string where, long confirmed)
    {
        lock (guard)
        {
            if (NumberOf(cursor) < confirmed)
            {
                violations.Add($"{where} of {agent} shows cursor {cursor} after {confirmed} was acknowledged");
            }
        }
    }

    private static long NumberOf(string cursor) => long.Parse(cursor[(cursor.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
}
