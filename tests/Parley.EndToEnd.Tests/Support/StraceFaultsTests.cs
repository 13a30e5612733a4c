using System.Diagnostics;

namespace Parley.EndToEnd.Tests.Support;

/// <summary>Proves the rig on <c>sync(1)</c>, which flushes each file that it is given, in order.</summary>
public sealed class StraceFaultsTests : IDisposable
{
    [Theory]
    [InlineData("1234  fsync(95)                         = ?", true)]
    [InlineData("1234  <... fsync resumed>)              = ?", true)]
    [InlineData("1234  <... fdatasync resumed>)          = -1 EIO (Input/output error) (INJECTED)", true)]
    [InlineData("1234  fsync(95)                         = 0 (DELAYED)", true)]
    [InlineData("1234  fsync(95 <unfinished ...>", false)]
    [InlineData("1234  <... fsync resumed>)              = 0", false)]
    [InlineData("1234  +++ killed by SIGKILL +++", false)]
    public void A_fault_is_recognised_whatever_came_between(string line, bool fault) => StraceFaults.IsFault(line).ShouldBe(fault);

    private static readonly TimeSpan s_limit = Waiting.Patience;
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Only_the_chosen_flush_fails_and_the_program_sees_it()
    {
        var (exitCode, errors, fired) = await SyncThreeFilesAsync(FlushFault.Fail(2));

        errors.ShouldContain("'" + _folder["b"] + "': Input/output error");
        errors.ShouldNotContain(_folder["c"]);
        exitCode.ShouldBe(1);
        fired.ShouldBe(1);
    }

    [Fact]
    public async Task Every_flush_from_the_chosen_one_on_fails()
    {
        var (exitCode, _, fired) = await SyncThreeFilesAsync(FlushFault.FailFrom(2));

        exitCode.ShouldBe(1);
        fired.ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_beyond_the_last_flush_does_not_fire()
    {
        var (exitCode, errors, fired) = await SyncThreeFilesAsync(FlushFault.Fail(4));

        (exitCode, errors, fired).ShouldBe((0, "", 0));
    }

    [Fact]
    public async Task The_program_is_killed_at_the_chosen_flush()
    {
        var (exitCode, _, fired) = await SyncThreeFilesAsync(FlushFault.Kill(2));

        exitCode.ShouldBe(128 + 9);
        fired.ShouldBe(1);
    }

    [Fact]
    public async Task A_running_program_fails_while_the_fault_is_attached_and_recovers_after()
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"while read -r _; do sync '{File("a")}' 2>/dev/null && echo flushed || echo failed; done"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        async Task<string?> FlushAsync()
        {
            await shell.StandardInput.WriteLineAsync("go");
            return await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).Within(s_limit);
        }

        (await FlushAsync()).ShouldBe("flushed");
        await using (var faults = await StraceFaults.AttachAsync(FlushFault.FailFrom(1), shell.Id))
        {
            (await FlushAsync()).ShouldBe("failed");
            faults.Fired.ShouldBe(1);
        }

        (await FlushAsync()).ShouldBe("flushed");
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken).Within(s_limit);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int ExitCode, string Errors, int Fired)> SyncThreeFilesAsync(FlushFault fault)
    {
        var (process, faults) = StraceFaults.Start(fault, new ProcessStartInfo("sync", [File("a"), File("b"), File("c")]) { RedirectStandardError = true });
        await using (faults)
        {
            using (process)
            {
                var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).Within(s_limit);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken).Within(s_limit);
                return (process.ExitCode, errors.Trim(), faults.Fired);
            }
        }
    }

    private string File(string name)
    {
        System.IO.File.WriteAllText(_folder[name], name);
        return _folder[name];
    }
}
