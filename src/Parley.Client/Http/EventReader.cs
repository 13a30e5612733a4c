using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Parley.Client.Http;

/// <summary>Reads server-sent events off an answer. Throws <see cref="ParleyException"/> with <c>outcome_unknown</c> where the connection breaks or goes silent.</summary>
internal static class EventReader
{
    /// <summary>The server sends at least a comment every 20 s; a connection that is silent for longer is lost.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    public static async IAsyncEnumerable<SseItem<byte[]>> ReadAsync(HttpResponseMessage answer, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var body = new ImpatientStream(await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), Silence, time);
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

            yield return items.Current;
        }
    }
}
