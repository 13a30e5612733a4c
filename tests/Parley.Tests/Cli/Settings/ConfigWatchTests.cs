using Microsoft.Extensions.Logging;
using Parley.Cli.Config;

namespace Parley.Tests.Cli.Settings;

public sealed class ConfigWatchTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Lines log = new();
    private readonly List<string> agents = ["ghost", "tesla"];
    private DateTime written = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private string File => folder["parley.json"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_change_counts_at_the_next_look_and_the_log_names_it()
    {
        Write("""{ "maxConcurrent": 11, "maxChildrenPerAgent": 5 }""");
        var watch = await BeginAsync();
        log.Taken().ShouldBe(["Debug: Configuration: agents.defaults.subagents.maxConcurrent 10 → 11 (parley.json:1)"]);

        Write("""{ "maxConcurrent": 77, "agents": { "list": [{ "id": "ghost", "subagents": { "allowAgents": ["*"] } }] } }""");
        await LookAsync(watch);
        watch.Current.MaxConcurrent.ShouldBe(77);
        watch.Current.AllowedFor("ghost").ShouldBe(["*"]);
        log.Taken().ShouldBe(
        [
            "Information: Configuration: agents.list[ghost].subagents.allowAgents (not said) → * (parley.json:1)",
            "Information: Configuration: agents.defaults.subagents.maxConcurrent 11 → 77 (parley.json:1)",
        ]);

        Write("{}");
        await LookAsync(watch);
        watch.Current.MaxConcurrent.ShouldBe(10);
        log.Taken().ShouldContain("Information: Configuration: agents.list[ghost].subagents.allowAgents * → (not said) (parley.json)");
        await LookAsync(watch);
        log.Taken().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_faulty_edit_changes_nothing_and_is_told_once()
    {
        Write("""{ "maxConcurrent": 20 }""");
        var watch = await BeginAsync();
        log.Taken();

        Write("""{ "maxConcurrent": 0, "tool": {} }""");
        await LookAsync(watch);
        log.Taken().ShouldBeEmpty("an editor may not have finished");
        await LookAsync(watch);
        await LookAsync(watch);
        watch.Current.MaxConcurrent.ShouldBe(20);
        watch.Faults.Count.ShouldBe(2);
        var told = log.Taken();
        told.Count.ShouldBe(3);
        told[0].ShouldStartWith($"Error: Configuration: {File}:1:20: maxConcurrent");
        ConfigFindings.OfServer(watch.Read()).Status.ShouldBe("fault");
        told[2].ShouldBe("Error: The configuration has 2 faults; what held before goes on");

        Write("""{ "maxConcurrent": 21 }""");
        await LookAsync(watch);
        (watch.Current.MaxConcurrent, watch.Faults.Count).ShouldBe((21, 0));
        log.Taken().ShouldBe(["Information: Configuration: agents.defaults.subagents.maxConcurrent 20 → 21 (parley.json:1)", "Information: The configuration is free of faults again"]);
    }

    [Fact]
    public async Task A_half_written_file_is_not_told_of()
    {
        Write("""{ "maxConcurrent": 20 }""");
        var watch = await BeginAsync();
        log.Taken();
        Write("""{ "maxConc""");
        await LookAsync(watch);
        Write("""{ "maxConcurrent": 30 }""");
        await LookAsync(watch);
        watch.Current.MaxConcurrent.ShouldBe(30);
        log.Taken().ShouldHaveSingleItem().ShouldContain("20 → 30");
    }

    [Fact]
    public async Task A_file_that_goes_takes_no_permission_with_it()
    {
        Write("""{ "tools": { "agentToAgent": { "enabled": false } } }""");
        var watch = await BeginAsync();
        log.Taken();
        System.IO.File.Delete(File);
        await LookAsync(watch);
        await LookAsync(watch);
        watch.Current.AgentToAgent.ShouldBeFalse();
        log.Taken()[0].ShouldContain("The file is gone.");
    }

    [Fact]
    public async Task A_file_that_comes_counts()
    {
        var watch = await BeginAsync();
        log.Taken().ShouldBeEmpty();
        Write("""{ "maxConcurrent": 3 }""");
        await LookAsync(watch);
        watch.Current.MaxConcurrent.ShouldBe(3);
    }

    [Fact]
    public async Task A_link_that_is_turned_to_another_file_is_a_change()
    {
        System.IO.File.WriteAllText(folder["one"], """{ "maxConcurrent": 3 }""");
        System.IO.File.WriteAllText(folder["two"], """{ "maxConcurrent": 4 }""");
        System.IO.File.SetLastWriteTimeUtc(folder["one"], written);
        System.IO.File.CreateSymbolicLink(File, folder["one"]);
        var watch = await BeginAsync();
        System.IO.File.Delete(File);
        System.IO.File.CreateSymbolicLink(File, folder["two"]);
        await LookAsync(watch);
        watch.Current.MaxConcurrent.ShouldBe(4);
    }

    [Fact]
    public async Task What_needs_a_restart_says_so()
    {
        Write("""{ "server": { "keepDays": 30 } }""");
        var watch = await BeginAsync();
        log.Taken();
        Write("""{ "server": { "keepDays": 31 } }""");
        await LookAsync(watch);
        log.Taken().ShouldBe(["Information: Configuration: server.keepDays 30 → 31 (parley.json:1); it counts from the next start"]);
        var running = watch.Read().Settings.Single(setting => setting.Key == "server.keepDays");
        (running.Text, running.NextText, running.From, running.Line).ShouldBe(("30", "31", "file", 1));
        watch.Read().Settings.Where(setting => setting.NextText is not null).ShouldHaveSingleItem();
        ConfigFindings.OfServer(watch.Read()).Status.ShouldBe("warning");
    }

    [Fact]
    public async Task Agents_that_are_nobodys_are_warned_of()
    {
        Write("""{ "agents": { "list": [{ "id": "ghost", "subagents": { "allowAgents": ["telsa"] } }] } }""");
        await BeginAsync();
        log.Taken().Single(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldContain("Did you mean 'tesla'?");
    }

    [Fact]
    public async Task What_was_written_while_the_server_started_is_seen_at_the_first_look()
    {
        Write("""{ "maxConcurrent": 3 }""");
        var watch = new ConfigWatch(LoadedConfig.Read(ConfigRig.Place() with { File = File }), Agents, log);
        Write("""{ "maxConcurrent": 4 }""");
        await LookAsync(watch);
        watch.Current.MaxConcurrent.ShouldBe(4);
    }

    private async Task<ConfigWatch> BeginAsync()
    {
        var watch = new ConfigWatch(LoadedConfig.Read(ConfigRig.Place() with { File = File }), Agents, log);
        await LookAsync(watch);
        return watch;
    }

    private Task<IReadOnlyCollection<string>> Agents(CancellationToken cancellation) => Task.FromResult<IReadOnlyCollection<string>>(agents);

    private static async Task LookAsync(ConfigWatch watch) => (await watch.RunOnceAsync(TestContext.Current.CancellationToken)).ShouldBeFalse();

    private void Write(string text)
    {
        System.IO.File.WriteAllText(File, text);
        System.IO.File.SetLastWriteTimeUtc(File, written += TimeSpan.FromSeconds(1));
    }

    private sealed class Lines : ILogger<ConfigWatch>
    {
        private readonly List<string> lines = [];

        public List<string> Taken()
        {
            var taken = lines.ToList();
            lines.Clear();
            return taken;
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
