using System.Diagnostics;
using System.Text;

namespace Parley.EndToEnd.Tests.Docs;

/// <summary>A user's shell on a terminal of 160 columns: the commands typed into it print what a person would see.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const char Mark = '\x1e';
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly Process shell;
    private readonly StreamWriter keys;

    private Terminal(Process shell, StreamWriter keys) => (this.shell, this.keys) = (shell, keys);

    /// <summary>Opens a terminal in the user's home.</summary>
    public static async Task<Terminal> OpenAsync(string home, string path)
    {
        var pipe = Path.Combine(home, $".keys-{Guid.NewGuid():N}");
        await Support.Command.RunAsync("mkfifo", pipe);
        var shell = Process.Start(new ProcessStartInfo("script", ["-qfec", $"stty cols 160 -opost; exec bash --norc --noprofile {pipe}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = home,
            Environment =
            {
                ["HOME"] = home, ["PATH"] = path, ["TZ"] = "UTC", ["TERM"] = "xterm", ["NO_COLOR"] = "1", ["SHELL"] = "/bin/bash", ["LC_ALL"] = "C.UTF-8",
                ["PARLEY_DATA"] = null, ["PARLEY_URL"] = null, ["PARLEY_TOKEN"] = null, ["PARLEY_DATABASE"] = null,
            },
        })!;
        var keys = await Task.Run(() => new StreamWriter(new FileStream(pipe, FileMode.Open, FileAccess.Write)) { AutoFlush = true }).Within(Patience);
        return new Terminal(shell, keys);
    }

    /// <summary>Types a command and returns all that it printed.</summary>
    public async Task<string> RunAsync(string command)
    {
        await TypeAsync(command);
        var output = await ReadAsync(text => text.EndsWith(Mark), command);
        return output.TrimEnd(Mark);
    }

    /// <summary>Types a command that goes on.</summary>
    public Task TypeAsync(string command) => keys.WriteAsync($"{{ {command}\n}} </dev/null 2>&1; printf '\\036'\n");

    /// <summary>What was printed until it is enough.</summary>
    public async Task<string> ReadAsync(Predicate<string> enough, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (!enough(text.ToString()))
        {
            int read;
            try
            {
                read = await shell.StandardOutput.ReadAsync(buffer, limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited {Patience} for '{what}', which printed:\n{text}");
            }

            read.ShouldNotBe(0, $"the shell ended in: {what}\n{text}");
            text.Append(buffer, 0, read);
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (!shell.HasExited)
        {
            shell.Kill(entireProcessTree: true);
            await shell.WaitForExitAsync();
        }

        shell.Dispose();
        try
        {
            await keys.DisposeAsync();
        }
        catch (IOException)
        {
            // The shell, which would have read the rest, was ended.
        }
    }
}
