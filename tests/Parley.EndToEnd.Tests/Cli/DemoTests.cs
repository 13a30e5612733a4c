using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary><c>parley up --demo</c>, as somebody uses it who has just got Parley.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly ParleyProgram parley = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => parley.DisposeAsync();

    [Fact]
    public async Task A_new_user_asks_ghost_and_reads_the_report_of_six_specialists()
    {
        var server = await parley.ServeAsync("--demo");
        await ParleyProgram.LineAsync(server, line => line.StartsWith("Go on with it", StringComparison.Ordinal));
        await parley.DoAsync("config", "check");
        await parley.DoAsync("send", "ghost", "What should we build next?");

        var report = await HeardAsync("# Standup: What should we build next?");
        report.ShouldContain("Six are at work: tesla (architecture), aaron (data), barnum (ux), bond (security), patton (strategy), buffett (finance).");
        report.ShouldContain("6 sessions, ");
    }

    [Fact]
    public async Task A_configuration_that_is_there_stays_as_it_is_and_the_missing_permission_is_named()
    {
        Directory.CreateDirectory(parley.Data);
        var file = Path.Combine(parley.Data, "parley.json");
        await File.WriteAllTextAsync(file, "{ /* mine */ }", TestContext.Current.CancellationToken);
        var server = await parley.ServeAsync("--demo");
        await ParleyProgram.LineAsync(server, line => line.StartsWith("Go on with it", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("{ /* mine */ }");

        await parley.DoAsync("send", "ghost", "What should we build next?");
        (await HeardAsync("Nobody is at work.")).ShouldContain("tesla was not started: refused (forbidden)");
        await ParleyProgram.InterruptAsync(server);
        (await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("ghost may not spawn the specialists yet. Add to agents.list");
    }

    /// <summary>What stands in the conversation with ghost, once that is in it.</summary>
    private async Task<string> HeardAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        string said;
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            said = (await parley.DoAsync("history", "--with", "ghost")).Output;
        }
        while (!said.Contains(text, StringComparison.Ordinal));
        return said;
    }
}
