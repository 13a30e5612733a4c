using System.Net.Http.Json;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>Sending, and reading what was sent.</summary>
public sealed class MessageCalls
{
    private readonly Api api;
    private readonly Keys keys = new();

    internal MessageCalls(Api api) => this.api = api;

    /// <summary>
    /// Sends a message. When this returns, it is stored as firmly as <see cref="SendResponse.Durability"/> says. After a lost connection or from a busy server
    /// the send is repeated with its key for <see cref="ParleyClientOptions.RetryFor"/>, which never stores it twice. Throws <c>outcome_unknown</c> where an answer
    /// was lost and no later one tells whether the message was stored; any other error means that nothing was.
    /// </summary>
    public async Task<SendResponse> SendAsync(SendRequest message, CancellationToken cancellation = default)
    {
        if (message.Key is null && api.Options.GenerateKeys)
        {
            message = message with { Key = keys.Next() };
        }

        return await RepeatedSend.RunAsync(
            api, message.Key,
            () => api.CallAsync(
                new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = JsonContent.Create(message, WireJson.Default.SendRequest) }, WireJson.Default.SendResponse, default, cancellation),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a text to an agent (<c>aaron</c>) or a channel (<c>#general</c>).</summary>
    public Task<SendResponse> SendAsync(string to, string text, CancellationToken cancellation = default) =>
        SendAsync(new SendRequest { To = to, Content = text }, cancellation);

    /// <summary>One message.</summary>
    public Task<MessageView> ReadAsync(Guid id, CancellationToken cancellation = default) =>
        api.GetAsync($"/api/v1/messages/{id}", WireJson.Default.MessageView, cancellation);

    /// <summary>What became of a message at each of its recipients.</summary>
    public Task<MessageStatus> ReadStatusAsync(Guid id, CancellationToken cancellation = default) =>
        api.GetAsync($"/api/v1/messages/{id}/deliveries", WireJson.Default.MessageStatus, cancellation);

    /// <summary>A page of history, or of what a search finds.</summary>
    public Task<MessagePage> ListAsync(MessageFilter filter, CancellationToken cancellation = default) =>
        api.GetAsync(filter.ToQuery("/api/v1/messages"), WireJson.Default.MessagePage, cancellation);

    /// <summary>The conversations that the token can read.</summary>
    public Task<ListOf<ConversationView>> ListConversationsAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/conversations", WireJson.Default.ListOfConversationView, cancellation);
}
