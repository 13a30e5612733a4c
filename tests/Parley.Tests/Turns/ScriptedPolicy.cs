using System.Text.Json;
using Parley.Core.Sessions;

namespace Parley.Tests.Turns;

/// <summary>A policy that the test changes.</summary>
internal sealed class ScriptedPolicy : ISessionPolicy
{
    public SessionPolicy Current { get; set; } = new();

    /// <summary>Lets everybody spawn everybody.</summary>
    public ScriptedPolicy Open()
    {
        Current = Current with { Defaults = Current.Defaults with { AllowAgents = [SessionPolicy.Everyone] } };
        return this;
    }
}

/// <summary>Takes a schema for the list of fields that its <c>required</c> names.</summary>
internal sealed class JsonFields : IResultSchema
{
    public void Check(string schema) => JsonDocument.Parse(schema).Dispose();

    public string? FaultOf(string schema, string result)
    {
        using var wanted = JsonDocument.Parse(schema);
        try
        {
            using var found = JsonDocument.Parse(result);
            return wanted.RootElement.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name => !found.RootElement.TryGetProperty(name, out _)) is { } missing
                ? $"'{missing}' is missing."
                : null;
        }
        catch (JsonException)
        {
            return "it is not JSON.";
        }
    }
}

/// <summary>Nobody is told: whoever waits looks by itself, on a clock that goes on as it waits.</summary>
internal sealed class NoSignal(ManualTimeProvider clock) : ISessionSignal
{
    public ISessionWatch Watch(Guid conversationId) => new Watcher(clock);

    private sealed class Watcher(ManualTimeProvider clock) : ISessionWatch
    {
        public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            clock.Advance(atMost);
            return Task.CompletedTask;
        }

        public void Dispose()
        {
        }
    }
}
