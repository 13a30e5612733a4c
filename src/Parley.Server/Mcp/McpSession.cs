using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Parley.Server.Mcp;

/// <summary>
/// What is remembered of a client that began with a handshake: what it can do, what it waits for and what it follows. No call needs it, so that a restart or another
/// node loses no more than the subscriptions.
/// </summary>
internal sealed class McpSession(string id)
{
    private readonly ConcurrentDictionary<RequestId, CancellationTokenSource> running = new();
    private readonly ConcurrentDictionary<long, (StreamableHttpServerTransport Asking, RequestId Id)> questions = new();
    private long lastQuestion;

    public string Id => id;

    /// <summary>What the client said of itself; null where its handshake was with another server.</summary>
    public InitializeRequestParams? Client { get; set; }

    public Subscriptions Subscriptions { get; } = new();

    /// <summary>True where the client has ended it.</summary>
    public bool Ended { get; set; }

    /// <summary>The clock's timestamp of its last use.</summary>
    public long UsedAt { get; set; }

    /// <summary>A request is under way, and may be given up.</summary>
    public void Begin(RequestId request, CancellationTokenSource given) => running[request] = given;

    /// <summary>The request is answered, or its connection is gone.</summary>
    public void End(RequestId request, CancellationTokenSource given, StreamableHttpServerTransport transport)
    {
        running.TryRemove(KeyValuePair.Create(request, given));
        foreach (var (number, question) in questions)
        {
            if (question.Asking == transport)
            {
                questions.TryRemove(number, out _);
            }
        }
    }

    /// <summary>Ends a call that the client gave up. One that was answered already is not there any more, and that is well.</summary>
    public async Task CancelAsync(RequestId request)
    {
        if (running.TryGetValue(request, out var given))
        {
            try
            {
                await given.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // Answered in this moment.
            }
        }
    }

    /// <summary>Gives what a call asks its client a number of the session: calls that run at once count for themselves.</summary>
    public McpMessageFilter Asking(StreamableHttpServerTransport transport) => next => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest question)
        {
            var number = Interlocked.Increment(ref lastQuestion);
            questions[number] = (transport, question.Id);
            question.Id = new RequestId(number);
        }

        return next(context, cancellationToken);
    };

    /// <summary>Hands a client's answer to the call that asked.</summary>
    public async Task AnsweredAsync(JsonRpcMessageWithId answer, CancellationToken cancellationToken)
    {
        if (answer.Id.Id is long number && questions.TryRemove(number, out var question))
        {
            answer.Id = question.Id;
            await question.Asking.HandlePostRequestAsync(answer, Stream.Null, cancellationToken);
        }
    }
}
