using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Follows one meeting's events over as many connections as it takes.</summary>
internal sealed class MeetingFeed(Api api, string path, long? after)
{
    /// <summary>The server sends at least a comment every 20 s; a connection that is silent for longer is lost.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

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
        await using var body = new ImpatientStream(await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), Silence, api.Options.Time);
        await using var items = SseParser.Create(body, static (_, data) => data.ToArray()).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException)
            {
                throw ParleyException.LostAnswer(fault);
            }

            if (Read(items.Current) is { } happened)
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
