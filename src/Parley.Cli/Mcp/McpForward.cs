using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Mcp;

/// <summary>Posts one message to the server, and goes on trying for a while where the server is away.</summary>
internal sealed class McpForward(HttpClient http, Func<CancellationToken, Task<(Uri Address, string Token)>> find, TimeProvider time)
{
    /// <summary>Programs give up on a server that says nothing for half a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Hands every message of the answer to <paramref name="write"/>. Throws <see cref="ParleyException"/> where there is none.</summary>
    public async Task RunAsync(string line, McpLine request, Func<string, Task> write, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var asked = false;
            try
            {
                var (address, token) = await find(cancellation).ConfigureAwait(false);
                using var post = Post(address, token, line, request);
                using var response = await http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
                ThrowIfOfProxy(response);
                asked = true;
                await ReadAsync(response, write, cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (IsAway(fault) && !cancellation.IsCancellationRequested)
            {
                // The patience is for a server that is away, not for what it took before.
                began = asked ? time.GetTimestamp() : began;
                var reached = fault is not ParleyException && (asked || fault is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError });
                if ((reached && !request.IsRepeatable) || time.GetElapsedTime(began) > Patience)
                {
                    throw reached ? Lost() : fault as ParleyException ?? Away();
                }
            }

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private static bool IsAway(Exception fault) => fault is HttpRequestException or IOException or JsonException or OperationCanceledException
        || fault is ParleyException { Code: ParleyException.Unreachable or "shutting_down" };

    /// <summary>What stands before the server has none to ask (503) or did not get the whole call (408), or got no answer from the one that it asked.</summary>
    private static void ThrowIfOfProxy(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout
            && response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
        {
            throw response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.RequestTimeout ? Away() : new IOException("There was no answer.");
        }
    }

    private static ParleyException Away() => new(new Problem { Code = ParleyException.Unreachable, Title = "No Parley server answers.", Fix = "A person starts it with 'parley up'; then call again." });

    private static ParleyException Lost() => new(new Problem
    {
        Code = ParleyException.OutcomeUnknown, Title = "The connection was lost before the answer came; the call may have been done.", Fix = "Look whether it was done before you repeat it; with a 'key' a call may always be repeated.",
    });

    private static HttpRequestMessage Post(Uri address, string token, string line, McpLine request)
    {
        var post = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(line, Encoding.UTF8, "application/json") };
        post.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        post.Headers.Accept.ParseAdd("application/json");
        post.Headers.Accept.ParseAdd("text/event-stream");
        if (request is { Version: { } version, Method: { } method })
        {
            // What a client of the newer versions says in the body stands in the headers of HTTP too.
            post.Headers.TryAddWithoutValidation("MCP-Protocol-Version", version);
            post.Headers.TryAddWithoutValidation("Mcp-Method", Header(method));
            if (request.Name is { } name)
            {
                post.Headers.TryAddWithoutValidation("Mcp-Name", Header(name));
            }
        }

        return post;
    }

    private static string Header(string text) => text.All(letter => letter is > ' ' and <= '~') ? text : $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";

    private static async Task ReadAsync(HttpResponseMessage response, Func<string, Task> write, CancellationToken cancellation)
    {
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "text/event-stream":
                await using (var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false))
                {
                    await ReadEventsAsync(body, write, cancellation).ConfigureAwait(false);
                }

                return;
            case "application/json":
                await write(OneLine(await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false))).ConfigureAwait(false);
                return;
            default:
                throw await RefusalAsync(response, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task ReadEventsAsync(Stream body, Func<string, Task> write, CancellationToken cancellation)
    {
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellation).ConfigureAwait(false))
        {
            if (item.Data.Length > 0)
            {
                await write(OneLine(item.Data)).ConfigureAwait(false);
                using var message = JsonDocument.Parse(item.Data);
                if (message.RootElement.TryGetProperty("result", out _) || message.RootElement.TryGetProperty("error", out _))
                {
                    return; // nothing follows an answer, and a connection that breaks now must not have it asked for again
                }
            }
        }

        throw new IOException("The answer broke off.");
    }

    private static async Task<ParleyException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return new ParleyException(new Problem { Code = "not_found", Status = 404, Title = "That server has no MCP door.", Fix = "Check the address, and whether the server is of this version." });
        }

        try
        {
            var text = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            return new ParleyException(JsonSerializer.Deserialize(text, WireJson.Default.Problem)!);
        }
        catch (JsonException)
        {
            return new ParleyException(new Problem { Code = "internal", Status = (int)response.StatusCode, Title = $"The server answered {(int)response.StatusCode}.", Fix = "Check the address; what lies between may have answered." });
        }
    }

    private static string OneLine(string json) => json.ReplaceLineEndings(" ");
}
