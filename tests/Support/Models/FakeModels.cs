using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Parley.Tests.Support;

/// <summary>
/// A provider of models that says what the test has scripted, in the formats of OpenAI and Anthropic, over real HTTP on a free port. Replies are
/// used up in the order of the script; after them <see cref="Always"/> answers, and without it the call is refused.
/// </summary>
public sealed class FakeModels : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FakeReply> _script = new();
    private readonly List<FakeRequest> _requests = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private readonly CancellationTokenSource _stopping = new();
    private Func<FakeRequest, FakeReply>? _always;
    private int _calls;

    private FakeModels(WebApplication app) => _app = app;

    /// <summary>The key that is asked for; null takes any.</summary>
    public string? Key { get; set; }

    /// <summary>What the list of models holds.</summary>
    public IList<string> Models { get; } = ["small", "large"];

    public string Address => _app.Urls.First();

    /// <summary>For openai, openrouter and local.</summary>
    public string OpenAiUrl => Address + "/v1";

    /// <summary>For anthropic, whose library adds the version itself.</summary>
    public string AnthropicUrl => Address;

    /// <summary>The addresses of all providers, as the settings of the runtimes take them.</summary>
    public IReadOnlyDictionary<string, string> Addresses => new Dictionary<string, string>
    {
        ["openai"] = OpenAiUrl, ["openrouter"] = OpenAiUrl, ["local"] = OpenAiUrl, ["anthropic"] = AnthropicUrl,
    };

    /// <summary>The calls of models so far, refused ones too.</summary>
    public IReadOnlyList<FakeRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<FakeModels> StartAsync(string listen = "127.0.0.1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{listen}:0");
        var app = builder.Build();
        var models = new FakeModels(app);
        app.Run(models.HandleAsync);
        await app.StartAsync();
        return models;
    }

    public FakeModels Reply(FakeReply reply)
    {
        _script.Enqueue(reply);
        return this;
    }

    public FakeModels Answer(string text, FakeUsage? usage = null) => Reply(new FakeReply { Text = text, Usage = usage ?? new FakeUsage(10, 0, 5) });

    public FakeModels AnswerWithTool(string name, string arguments, string text = "") => AnswerWithTools([(name, arguments)], text);

    public FakeModels AnswerWithTools(IEnumerable<(string Name, string Arguments)> calls, string text = "") =>
        Reply(new FakeReply { Text = text, Tools = [.. calls.Select(call => new FakeToolCall(call.Name, call.Arguments, $"call_{Interlocked.Increment(ref _calls)}"))] });

    /// <summary>An error; <paramref name="retryAfter"/> is sent as it stands: seconds or a date.</summary>
    public FakeModels Fail(int status, string? retryAfter = null, string? body = null, string? code = null) =>
        Reply(new FakeReply { Status = status, RetryAfter = retryAfter, Body = body, Code = code });

    /// <summary>Says the text and then something other than the end.</summary>
    public FakeModels Break(FakeEnd end, string after = "Hel lo") => Reply(new FakeReply { Text = after, End = end });

    /// <summary>Answers every call for which nothing is scripted.</summary>
    public FakeModels Always(Func<FakeRequest, FakeReply> answer)
    {
        _always = answer;
        return this;
    }

    /// <summary>Ends when so many calls have come in.</summary>
    public Task RequestsReach(int count)
    {
        lock (_requests)
        {
            if (_requests.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method == "GET")
        {
            await ListAsync(context);
            return;
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        var request = new FakeRequest(context.Request.Path, headers, body.RootElement.Clone());
        var reply = IsKnown(context) ? Next(request) : new FakeReply { Status = 401, Body = $$$"""{"error":{"message":"Incorrect API key provided: {{{KeyOf(context)}}}"}}""" };
        Note(request);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await new FakeWire(context, request, reply).WriteAsync(end.Token);
            request.Answered.Raise();
        }
        catch (Exception fault) when (end.IsCancellationRequested && fault is OperationCanceledException or IOException)
        {
            request.Gone.Raise();
        }
    }

    private FakeReply Next(FakeRequest request) => _script.TryDequeue(out var reply) ? reply
        : _always?.Invoke(request) ?? new FakeReply { Status = 400, Body = """{"error":{"message":"The test has scripted no further answer."}}""" };

    private void Note(FakeRequest request)
    {
        lock (_requests)
        {
            _requests.Add(request);
            _waiters.RemoveAll(waiter => waiter.Count <= _requests.Count && waiter.Reached.TrySetResult());
        }
    }

    private async Task ListAsync(HttpContext context)
    {
        if (!IsKnown(context))
        {
            context.Response.StatusCode = 401;
            return;
        }

        if (_script.TryPeek(out var reply) && reply.End == FakeEnd.Stall)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        await context.Response.WriteAsJsonAsync(new { @object = "list", data = Models.Select(model => new { id = model, @object = "model" }) });
    }

    private bool IsKnown(HttpContext context) => Key is null || KeyOf(context) == Key;

    private static string KeyOf(HttpContext context) => context.Request.Headers.TryGetValue("x-api-key", out var key)
        ? key.ToString()
        : context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
}
