using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Parley.Core.Turns;
using Parley.Runtimes.Keys;

namespace Parley.Runtimes.Models;

/// <summary>Makes a client for one call, with the key and the address as they are now. The connections below are kept.</summary>
internal sealed class ChatClients(RuntimeOptions options, ProviderKeys keys, TimeProvider time) : IDisposable
{
    private const string NoKey = "none";

    // Redirects are not followed: the key would go along to whom it is not meant for.
    private readonly HttpMessageInvoker _connections = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Enough for the end of an answer that was read. Of one that was given up the rest is not waited for (2 s by default): the provider would go on speaking.
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
    });

    public void Dispose() => _connections.Dispose();

    public IChatClient Create(ModelName name)
    {
        var key = keys.Find(name.Provider);
        if (key is null && name.Provider.NeedsKey)
        {
            throw new RuntimeFault(
                RuntimeFaultKind.Unauthenticated, $"There is no key for {name.Provider.Name}. Set it with: parley key set {name.Provider.Name}, or in {name.Provider.KeyVariable}.");
        }

        var address = name.Provider.AddressIn(options);
        return name.Provider == Provider.Anthropic ? Anthropic(address, key!, name) : OpenAi(address, key, name);
    }

    /// <summary>A plain client that reports refusals as faults and knows the key, to ask for the list of models.</summary>
    public HttpClient Plain(Provider provider, string? key) =>
        new(new WireHandler(_connections, provider, key, time)) { Timeout = Timeout.InfiniteTimeSpan };

    private OpenAiChat OpenAi(Uri address, string? key, ModelName name)
    {
        var client = new ChatClient(name.Model, new ApiKeyCredential(key ?? NoKey), new OpenAIClientOptions
        {
            Endpoint = address,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            Transport = new HttpClientPipelineTransport(Plain(name.Provider, key)),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        });
        return new OpenAiChat(client, oldLimit: name.Provider != Provider.OpenAi);
    }

    private IChatClient Anthropic(Uri address, string key, ModelName name) => new AnthropicClient
    {
        ApiKey = key,
        AuthToken = null,
        BaseUrl = address.ToString().TrimEnd('/'),
        MaxRetries = 0,
        Timeout = Timeout.InfiniteTimeSpan,
        HttpClient = Plain(name.Provider, key),
    }.AsIChatClient(name.Model);
}
