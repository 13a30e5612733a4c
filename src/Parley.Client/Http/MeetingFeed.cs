using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Follows one meeting's events over as many connections as it takes.</summary>
internal sealed class MeetingFeed(Api api, string path, long? after)
{
    /// <summary>What was shown while it waited for a person, so that a decision that falls between two connections is not missed.</summary>
    private readonly Dictionary<Guid, long> held = [];
    private long? last = after;

    /// <summary>How far the connection has come; it begins behind that number.</summary>
    private long? reached;

    public async IAsyncEnumerable<MeetingEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var backoff = new Backoff(api.Options.Time, Timeout.InfiniteTimeSpan);
        while (true)
        {
            await using var events = ConnectAsync(cancellation).GetAsyncEnumerator(cancellation);
            while (true)
            {
                TimeSpan wait;
                try
                {
                    if (!await events.MoveNextAsync().ConfigureAwait(false))
                    {
                        throw ParleyException.LostAnswer(null);
                    }

                    wait = TimeSpan.Zero;
                }
                catch (ParleyException error) when (api.MayRepeat(error) && backoff.TryNext(error.RetryAfter, out wait))
                {
                    await Task.Delay(wait, api.Options.Time, cancellation).ConfigureAwait(false);
                    break;
                }

                backoff.Reset();
                yield return events.Current;
            }
        }
    }

    private async IAsyncEnumerable<MeetingEvent> ConnectAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        reached = held.Count > 0 ? held.Values.Min() - 1 : last;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Query(path).With("after", reached).ToString());
        using var answer = await api.ExchangeAsync(request, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        await foreach (var item in EventReader.ReadAsync(answer, api.Options.Time, cancellation).ConfigureAwait(false))
        {
            if (Read(item) is { } happened)
            {
                yield return happened;
            }
        }
    }

    /// <summary>A message is news once, and once more when it waited for a person who has decided: then it comes again over one connection, or another one brings it as it is now.</summary>
    private bool IsNews(MessageView message)
    {
        var waits = message.Withheld == "held";
        var decided = !waits && (held.Remove(message.Id) || message.Number <= reached);
        reached = Math.Max(reached ?? 0, message.Number);
        if (waits)
        {
            held[message.Id] = message.Number;
        }

        var known = message.Number <= last;
        last = Math.Max(last ?? 0, message.Number);
        return !known || decided;
    }

    private MeetingEvent? Read(SseItem<byte[]> item)
    {
        switch (item.EventType)
        {
            case "message":
                var message = JsonSerializer.Deserialize(item.Data, WireJson.Default.MessageView)!;
                return IsNews(message) ? new MeetingEvent(MeetingEventKind.Message, Message: message) : null;
            case "turn":
                return new MeetingEvent(MeetingEventKind.Turn, Turn: JsonSerializer.Deserialize(item.Data, WireJson.Default.TurnView));
            case "state":
                var meeting = JsonSerializer.Deserialize(item.Data, WireJson.Default.MeetingView)!;
                // Where only what comes is wanted, a lost connection goes on from what was there when the first one began.
                reached ??= item.EventId is { } head ? long.Parse(head, CultureInfo.InvariantCulture) : meeting.Head;
                last ??= reached;
                return new MeetingEvent(MeetingEventKind.State, Meeting: meeting);
            case "idle":
                return new MeetingEvent(MeetingEventKind.Idle);
            case "error":
                throw new ParleyException(JsonSerializer.Deserialize(item.Data, WireJson.Default.Problem)!);
            default:
                return null;
        }
    }
}
