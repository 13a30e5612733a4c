using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Server.Loops;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Telemetry;

/// <summary>A store that fails is told once in the log, with its cause, and once when it works again.</summary>
public sealed class StorageLogTests
{
    [Fact]
    public async Task Every_cause_is_told_once_and_tries_in_between_are_not()
    {
        using var log = new Lines();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(log));
        await using var server = await TestServer.StartAsync();
        var at = TimeProvider.System.GetUtcNow();
        var told = new StorageLog(server.Services.GetRequiredService<IDatabase>(), factory.CreateLogger<StorageLog>());
        foreach (var health in (StorageHealth[])
            [
                new(StorageState.Faulted, "disk I/O error", at), new(StorageState.Faulted, "disk I/O error; tried again in 1 s", at), new(StorageState.Full, "no space", at.AddSeconds(2)),
                new(StorageState.Ready, null, at.AddSeconds(5)),
            ])
        {
            told.Tell(health);
        }

        log.Of<StorageLog>().Select(line => line.Text).ShouldBe(
            [
                "The store failed: disk I/O error. Sends are refused until it was reopened and checked",
                "The disk is full: no space. Sends are refused and resume by themselves when there is space",
                "The store takes sends again after 3.0 s",
            ]);
    }

    private sealed class Lines : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> lines = new();

        public List<(LogLevel Level, string Text)> Of<T>() => [.. lines.Where(line => line.Category == typeof(T).FullName).Select(line => (line.Level, line.Text))];

        public ILogger CreateLogger(string categoryName) => new Writer(categoryName, this);

        public void Dispose()
        {
        }

        private sealed class Writer(string category, Lines all) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                all.lines.Enqueue((category, logLevel, formatter(state, exception)));
        }
    }
}
