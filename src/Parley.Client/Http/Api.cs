using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>One HTTP call: writes the body, reads the answer, turns every failure into a <see cref="ParleyException"/>.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient http;
    private volatile bool reached;

    public Api(ParleyClientOptions options)
    {
        Options = options;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        })
        {
            BaseAddress = options.Server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Token is { } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public ParleyClientOptions Options { get; }

    /// <summary>True once the server has answered anything: only then is a refused connection worth repeating.</summary>
    public bool Reached => reached;

    /// <summary>Whether the same call may succeed later: the connection broke, the server was there and is away, or it is busy.</summary>
    public bool MayRepeat(ParleyException error) => error.Code switch
    {
        ParleyException.OutcomeUnknown => true,
        ParleyException.Unreachable => Reached,
        _ => error.Problem.Status is 503 or 429 or 408 && error.RetryAfter is not null,
    };

    public Task<TOut> GetAsync<TOut>(string path, JsonTypeInfo<TOut> output, CancellationToken cancellation, TimeSpan wait = default) =>
        CallAsync(new HttpRequestMessage(HttpMethod.Get, path), output, wait, cancellation);

    public Task<TOut> CallAsync<TIn, TOut>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output, CancellationToken cancellation) =>
        CallAsync(new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, input) }, output, default, cancellation);

    public async Task CallAsync<TIn>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> input, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, input) };
        using var answer = await ExchangeAsync(request, default, cancellation).ConfigureAwait(false);
    }

    public async Task CallAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await ExchangeAsync(request, default, cancellation).ConfigureAwait(false);
    }

    public async Task<TOut> CallAsync<TOut>(HttpRequestMessage request, JsonTypeInfo<TOut> output, TimeSpan wait, CancellationToken cancellation)
    {
        using (request)
        using (var answer = await ExchangeAsync(request, wait, cancellation, HttpCompletionOption.ResponseContentRead).ConfigureAwait(false))
        {
            try
            {
                return await answer.Content.ReadFromJsonAsync(output, cancellation).ConfigureAwait(false)
                    ?? throw ParleyException.FromStatus((int)answer.StatusCode);
            }
            catch (JsonException fault)
            {
                throw ParleyException.FromStatus((int)answer.StatusCode, fault);
            }
        }
    }

    /// <summary>The answer, by default with its body still to be read: the caller copies or parses it, and disposes it. The time allowed covers what is read here.</summary>
    public async Task<HttpResponseMessage> ExchangeAsync(
        HttpRequestMessage request, TimeSpan wait, CancellationToken cancellation, HttpCompletionOption until = HttpCompletionOption.ResponseHeadersRead)
    {
        using var limit = wait == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(Options.Timeout + wait, Options.Time);
        using var either = limit is null ? null : CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var answer = await http.SendAsync(request, until, either?.Token ?? cancellation).ConfigureAwait(false);
            reached = true;
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw await ReadProblemAsync(answer, either?.Token ?? cancellation).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            throw ParleyException.NoServer(Options.Server, fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw ParleyException.LostAnswer(fault);
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<ParleyException> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
        {
            return ParleyException.FromStatus((int)answer.StatusCode, wait: answer.Headers.RetryAfter?.Delta);
        }

        try
        {
            var problem = await answer.Content.ReadFromJsonAsync(WireJson.Default.Problem, cancellation).ConfigureAwait(false);
            return problem is null ? ParleyException.FromStatus((int)answer.StatusCode) : WithWait(new ParleyException(problem), answer);
        }
        catch (JsonException fault)
        {
            return ParleyException.FromStatus((int)answer.StatusCode, fault);
        }
    }

    private static ParleyException WithWait(ParleyException error, HttpResponseMessage answer) =>
        error.RetryAfter is null && answer.Headers.RetryAfter?.Delta is { } wait
            ? new ParleyException(error.Problem with { RetryAfter = wait.TotalSeconds }, error.InnerException)
            : error;
}
