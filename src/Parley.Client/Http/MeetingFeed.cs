using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Follows one meeting's events over as many connections as it takes.</summary>
internal sealed class MeetingFeed(Api api, string path, long? after)
{
    private long? last = after;

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
        using var request = new HttpRequestMessage(HttpMethod.Get, new Query(path).With("after", last).ToString());
        using var answer = await api.ExchangeAsync(request, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        await foreach (var item in EventReader.ReadAsync(answer, api.Options.Time, cancellation).ConfigureAwait(false))
        {
            if (Read(item) is { } happened)
            {
                yield return happened;
            }
        }
    }

    private MeetingEvent? Read(SseItem<byte[]> item)
    {
        switch (item.EventType)
        {
            case "message":
                var message = JsonSerializer.Deserialize(item.Data, WireJson.Default.MessageView)!;
                var number = long.Parse(item.EventId!, CultureInfo.InvariantCulture);
                var known = number <= last;
                last = known ? last : number;
                return known ? null : new MeetingEvent(MeetingEventKind.Message, Message: message);
            case "turn":
                return new MeetingEvent(MeetingEventKind.Turn, Turn: JsonSerializer.Deserialize(item.Data, WireJson.Default.TurnView));
            case "state":
                var meeting = JsonSerializer.Deserialize(item.Data, WireJson.Default.MeetingView)!;
                // Where only what comes is wanted, a lost connection goes on from what was there when the first one began.
                last ??= item.EventId is { } head ? long.Parse(head, CultureInfo.InvariantCulture) : meeting.Head;
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
