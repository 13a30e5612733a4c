using System.Diagnostics;

namespace Parley.EndToEnd.Tests.Support;

/// <summary>A program in a real terminal window, typed into and read as a person does. Needs tmux.</summary>
public sealed class TerminalWindow : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly string socket;

    private TerminalWindow(string socket) => this.socket = socket;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing => Command.Find("tmux") is null ? "There is no tmux here." : null;

    /// <summary>Opens a window of 100 columns in which a command of the program runs.</summary>
    public static async Task<TerminalWindow> OpenAsync(ParleyProgram parley, params string[] arguments)
    {
        string[] command = ["dotnet", ParleyProgram.Assembly, .. arguments, "--data", parley.Data];
        var window = new TerminalWindow(Path.Combine(parley.Folder, $"tmux-{Guid.NewGuid():n}"));
        var line = string.Join(' ', command.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        // Without colour the screen is the text; the window stays after the end so that the last words can be read.
        await window.RunAsync("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "60", "-e", "NO_COLOR=1", "-e", "TZ=UTC", $"LC_ALL=C.UTF-8 {line}; echo \"[ended with $?]\"; cat");
        return window;
    }

    public Task TypeAsync(string text) => RunAsync("send-keys", "-l", text);

    /// <summary>Presses a key by tmux's name: Enter, Tab, Up, C-c, C-d.</summary>
    public Task PressAsync(string key) => RunAsync("send-keys", key);

    public async Task EnterAsync(string line)
    {
        await TypeAsync(line);
        await PressAsync("Enter");
    }

    /// <summary>Everything on the screen and above it, lines without blanks at their ends.</summary>
    public async Task<string> ScreenAsync() =>
        string.Join('\n', (await RunAsync("capture-pane", "-p", "-S", "-")).Split('\n').Select(line => line.TrimEnd())).TrimEnd();

    /// <summary>The screen as soon as it ends in or has what is meant.</summary>
    public async Task<string> UntilAsync(Func<string, bool> meant, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var screen = await ScreenAsync();
            if (meant(screen))
            {
                return screen;
            }

            (Stopwatch.GetElapsedTime(began) < Patience).ShouldBeTrue($"{what} never came; the screen:\n{screen}");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    public Task<string> UntilAsync(string text) => UntilAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    public async ValueTask DisposeAsync() => await Command.TryAsync("tmux", "-S", socket, "kill-server");

    private Task<string> RunAsync(params string[] arguments) => Command.RunAsync("tmux", ["-S", socket, .. arguments]);
}
