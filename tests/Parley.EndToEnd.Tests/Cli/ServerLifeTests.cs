using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary>Starting and stopping the server as a process.</summary>
public sealed class ServerLifeTests
{
    [Fact]
    public async Task What_a_server_left_that_lost_its_power_is_removed_at_the_next_start()
    {
        await using var parley = new ParleyProgram();
        Directory.CreateDirectory(parley.Data);
        foreach (var name in (string[])["server.json.4711", "server.json.bak", "notes.4711"])
        {
            await File.WriteAllTextAsync(Path.Combine(parley.Data, name), "{", TestContext.Current.CancellationToken);
        }

        await parley.ServeAsync();
        File.Exists(Path.Combine(parley.Data, "server.json.4711")).ShouldBeFalse();
        File.Exists(Path.Combine(parley.Data, "server.json.bak")).ShouldBeTrue("it is somebody's own");
        File.Exists(Path.Combine(parley.Data, "notes.4711")).ShouldBeTrue("it is somebody's own");
    }

    [Fact]
    public async Task A_second_start_says_that_one_is_running_and_where()
    {
        await using var parley = new ParleyProgram();
        var server = await parley.ServeAsync();
        var second = await parley.RunAsync(["up", "--listen", "127.0.0.1:0"]);
        second.ExitCode.ShouldBe(6);
        second.Errors.ShouldContain("runs on");
        second.Errors.ShouldContain("http://127.0.0.1:");

        await ParleyProgram.InterruptAsync(server);
        (await ParleyProgram.EndAsync(server)).ExitCode.ShouldBe(0);
        File.Exists(Path.Combine(parley.Data, "server.json")).ShouldBeFalse();
        (await parley.RunAsync(["agent", "list"])).ExitCode.ShouldBe(7);
    }

    [Fact]
    public async Task After_a_kill_the_next_start_goes_on_with_what_was_stored()
    {
        await using var parley = new ParleyProgram();
        var server = await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await ParleyProgram.SignalAsync(server, "KILL");
        await ParleyProgram.EndAsync(server);

        var next = await parley.ServeAsync();
        (await parley.DoAsync("agent", "list", "--json")).Json.GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("tesla");
        await ParleyProgram.SignalAsync(next, "TERM");
        (await ParleyProgram.EndAsync(next)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Secrets_are_readable_by_their_owner_only()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        foreach (var file in Directory.EnumerateFiles(parley.Data, "*", SearchOption.AllDirectories))
        {
            (await Command.RunAsync("stat", "-c", "%a", file)).Trim().ShouldBe("600", file);
        }

        (await Command.RunAsync("stat", "-c", "%a", parley.Data)).Trim().ShouldBe("700");
    }

    [Fact]
    public async Task A_port_in_use_and_an_open_address_without_encryption_are_refused_with_a_fix()
    {
        await using var parley = new ParleyProgram();
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var used = await parley.RunAsync(["up", "--listen", $"127.0.0.1:{((System.Net.IPEndPoint)other.LocalEndpoint).Port}"]);
        used.ExitCode.ShouldBe(6);
        used.Errors.ShouldStartWith("error: Another program uses 127.0.0.1:");

        var open = await parley.RunAsync(["up", "--listen", "0.0.0.0:0"]);
        open.ExitCode.ShouldBe(2);
        open.Errors.ShouldContain("--insecure");
    }
}
