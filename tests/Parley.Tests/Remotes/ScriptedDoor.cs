using System.Collections.Concurrent;
using Parley.Core;
using Parley.Core.Remotes;

namespace Parley.Tests.Remotes;

/// <summary>A remote agent that answers as the test says; without a word it echoes.</summary>
internal sealed class ScriptedDoor : IRemoteDoor
{
    private readonly ConcurrentQueue<(RemoteInterface To, RemoteMessage Message)> sent = new();

    public RemoteCard Card { get; set; } = new("https://agents.example.org/card.json", "Echo Agent", "Says it again.", ["Echo"], new RemoteInterface("https://agents.example.org/a2a", RemoteBinding.JsonRpc, "1.0"));

    public ConcurrentQueue<Func<RemoteAnswer>> Answers { get; } = new();

    public IReadOnlyList<RemoteMessage> Sent => [.. sent.Select(call => call.Message)];

    public ConcurrentQueue<string> Looks { get; } = new();

    public ConcurrentQueue<string?> Tokens { get; } = new();

    public void Then(params ReadOnlySpan<RemoteAnswer> answers)
    {
        foreach (var answer in answers)
        {
            Answers.Enqueue(() => answer);
        }
    }

    public void ThenFails(ErrorCode code, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Answers.Enqueue(() => throw new ParleyError(code, "It takes no connections.", "Look."));
        }
    }

    public Task<RemoteCard> ReadCardAsync(Uri address, string? token, CancellationToken cancellationToken)
    {
        Tokens.Enqueue(token);
        return Task.FromResult(Card);
    }

    public Task<RemoteAnswer> SendAsync(RemoteInterface to, string? token, RemoteMessage message, CancellationToken cancellationToken)
    {
        sent.Enqueue((to, message));
        Tokens.Enqueue(token);
        return Task.Run(() => Answers.TryDequeue(out var answer) ? answer() : new RemoteAnswer(RemoteState.Done, "echo: " + message.Text, "context-1"), cancellationToken);
    }

    public Task<RemoteAnswer> PollAsync(RemoteInterface to, string? token, string taskId, CancellationToken cancellationToken)
    {
        Looks.Enqueue(taskId);
        return Task.Run(() => Answers.TryDequeue(out var answer) ? answer() : new RemoteAnswer(RemoteState.Working, null, null, taskId), cancellationToken);
    }
}
