using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Parley.Core;
using Parley.Core.Outbound;

namespace Parley.Server.Outbound;

/// <summary>The numbers that a name has now.</summary>
internal delegate Task<IPAddress[]> ResolveName(string name, CancellationToken cancellationToken);

/// <summary>
/// Makes calls to the outside. The address is checked before the name is looked up, and the number once more where the connection is made: what was checked is what is
/// connected to, however often the name changes. No connection is kept, so that a change of the policy counts for the next call.
/// </summary>
internal sealed class OutboundClient : IOutbound, IDisposable
{
    private const int HeaderKilobytes = 16;
    private static readonly HttpRequestOptionsKey<OutboundPolicy> Held = new("parley.outbound");

    private readonly IOutboundPolicy policy;
    private readonly TimeProvider time;
    private readonly ResolveName resolve;
    private readonly HttpMessageInvoker http;

    public OutboundClient(IOutboundPolicy policy, TimeProvider time)
        : this(policy, time, Dns.GetHostAddressesAsync)
    {
    }

    internal OutboundClient(IOutboundPolicy policy, TimeProvider time, ResolveName resolve)
    {
        (this.policy, this.time, this.resolve) = (policy, time, resolve);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = HeaderKilobytes,
            PooledConnectionLifetime = TimeSpan.Zero,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        });
    }

    public async Task<OutboundAnswer> SendAsync(OutboundCall call, CancellationToken cancellationToken)
    {
        var rules = policy.Current;
        OutboundRules.Check(rules, call.Address);
        using var limit = new CancellationTokenSource(call.Time, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = RequestOf(call, rules);
            using var response = await http.SendAsync(request, ended.Token);
            return new OutboundAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant(), await ReadAsync(response, call, ended.Token))
            {
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(call, $"did not answer within {call.Time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s", null);
        }
        catch (Exception fault) when (RefusalIn(fault) is { } refusal)
        {
            throw refusal;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw Failed(call, Said(fault), fault);
        }
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage RequestOf(OutboundCall call, OutboundPolicy rules)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Address) { Version = HttpVersion.Version11 };
        request.Options.Set(Held, rules);
        request.Headers.TryAddWithoutValidation("User-Agent", $"Parley/{ProductVersion.Current}");
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(call.ContentType) } };
        }

        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var address = context.InitialRequestMessage.RequestUri!;
        context.InitialRequestMessage.Options.TryGetValue(Held, out var rules);
        Exception? last = null;
        foreach (var number in await resolve(address.IdnHost.Trim('[', ']'), cancellationToken))
        {
            var socket = new Socket(number.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                OutboundRules.CheckConnection(rules!, address, number);
                await socket.ConnectAsync(number, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception fault)
            {
                socket.Dispose();
                if (fault is not (SocketException or ParleyError))
                {
                    throw;
                }

                // That a number was refused says more than that another does not answer.
                last = last is ParleyError ? last : fault;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, OutboundCall call, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > call.MostBytes)
        {
            throw TooLarge(call);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[(int)(response.Content.Headers.ContentLength ?? call.MostBytes) + 1];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= call.MostBytes ? bytes[..read] : throw TooLarge(call);
    }

    private static ParleyError TooLarge(OutboundCall call) => Failed(call, $"answered with more than {call.MostBytes} bytes", null);

    private static ParleyError? RefusalIn(Exception? fault) => fault is null ? null : fault as ParleyError ?? RefusalIn(fault.InnerException);

    /// <summary>Nothing of the answer and nothing of the request.</summary>
    private static string Said(Exception fault) => fault switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "has no address",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "has no certificate that can be trusted",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => "has no address",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "takes no connections",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "cannot be reached",
        _ => "broke the connection off",
    };

    private static ParleyError Failed(OutboundCall call, string what, Exception? cause) =>
        new(ErrorCode.OutboundFailed, $"{OutboundRules.OriginOf(call.Address)} {what}.", "Look whether it runs and can be reached from the server's machine.", cause);
}
