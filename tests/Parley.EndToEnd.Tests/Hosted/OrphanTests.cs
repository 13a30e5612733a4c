using System.Diagnostics;
using System.Globalization;
using Parley.Client.Wire;
using Parley.EndToEnd.Tests.Crash;

namespace Parley.EndToEnd.Tests.Hosted;

/// <summary>Programs of hosted agents whose server is killed: none of them goes on without it.</summary>
public sealed class OrphanTests
{
    private static readonly string[] Processes = ["child", "grandchild", "stray", "nameless"];
    private static readonly TimeSpan Patience = Waiting.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_killed_leaves_no_program_behind_and_takes_the_turn_up_again()
    {
        using var folder = new TempFolder();
        var script = await WriteAsync(folder);
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        Guid asked;
        using (var owner = server.Owner())
        {
            await owner.Agents.AddAsync(new AddAgentRequest("tesla"), Ct);
            await owner.Hosting.HostAsync("tesla", new HostRequest(Runtime: "command", Program: new ProgramView("custom", [script], folder.Path)), Ct);
            asked = (await owner.Messages.SendAsync(new SendRequest { To = "tesla", Content = "Hello" }, Ct)).MessageId;
        }

        var pids = await StartedAsync(folder);
        pids.ShouldAllBe(pid => Runs(pid));

        await server.KillAsync();
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (Array.Exists(pids, Runs))
        {
            limit.IsCancellationRequested.ShouldBeFalse($"left behind: {string.Join(", ", Processes.Where((_, i) => Runs(pids[i])))}");
            await Task.Yield();
        }

        await File.WriteAllTextAsync(folder["second"], "", Ct);
        await server.MustStartAsync();
        using var again = server.Owner();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while ((await again.Hosting.ReadRootAsync(asked, patience.Token)).Turns is not [{ State: "answered" }])
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task The_same_program_goes_on_where_any_other_parent_is_killed()
    {
        using var folder = new TempFolder();
        var script = await WriteAsync(folder);
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"'{script}' & wait"]) { WorkingDirectory = folder.Path })!;
        var pids = await StartedAsync(folder);
        try
        {
            parent.Kill();
            await parent.WaitForExitAsync(Ct);
            pids.ShouldAllBe(pid => Runs(pid));
        }
        finally
        {
            foreach (var pid in pids.Where(Runs))
            {
                using var left = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
                left.Kill();
            }
        }
    }

    /// <summary>A program that does not want to end, with children that hide in several ways.</summary>
    private static async Task<string> WriteAsync(TempFolder folder)
    {
        var script = folder["agent.sh"];
        await File.WriteAllTextAsync(
            script,
            """
            #!/bin/sh
            trap '' TERM HUP INT
            if [ -f second ]; then echo 'Here I am again.'; exit 0; fi
            sleep 300 & echo $! > grandchild
            setsid sh -c 'trap "" TERM HUP; echo $$ > stray; while :; do sleep 0.1; done' &
            (env -i PATH="$PATH" sleep 300 & echo $! > nameless)
            echo $$ > child
            while :; do sleep 0.1; done
            """,
            Ct);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }

    private static Task<string[]> StartedAsync(TempFolder folder) => Task.WhenAll(Processes.Select(name => WrittenAsync(folder[name])));

    private static async Task<string> WrittenAsync(string file)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!File.Exists(file) || (await File.ReadAllTextAsync(file, patience.Token)).Length == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        return (await File.ReadAllTextAsync(file, Ct)).Trim();
    }

    private static bool Runs(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
