using System.Runtime.InteropServices;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Connect.Hooks;

/// <summary>Waits for news on behalf of a program, as long as the program runs.</summary>
internal static partial class HookWait
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>The process that started this one; 0 where it cannot be known.</summary>
    public static int Parent => OperatingSystem.IsWindows() ? 0 : GetParentProcess();

    /// <summary>One at a time waits for a program; null where another one does already.</summary>
    public static FileStream? Claim(DataFolder folder, string agent)
    {
        folder.Create();
        var hooks = Path.Combine(folder.Path, "hooks");
        DataFolder.CreateFolder(hooks);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DataFolder.SecretMode;
        }

        try
        {
            return new FileStream(Path.Combine(hooks, $"{agent}-{Parent}.waits"), options);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The first news; none where the program has ended.</summary>
    public static async Task<IReadOnlyList<MessageView>> ForAsync(Func<CancellationToken, Task<ParleyClient>> connect, HookNews news, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = EndWithParentAsync(ended);
        ParleyClient? client = null;
        try
        {
            while (true)
            {
                try
                {
                    client ??= await connect(ended.Token).ConfigureAwait(false);
                    if (await news.TakeAsync(client, Poll, ended.Token).ConfigureAwait(false) is { Count: > 0 } found)
                    {
                        return found;
                    }
                }
                catch (ParleyException refusal) when (refusal.Code is not ("unauthenticated" or "forbidden" or "not_found"))
                {
                    // The server may be started again, also elsewhere.
                    client = null;
                    await Task.Delay(Pause, TimeProvider.System, ended.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [];
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task EndWithParentAsync(CancellationTokenSource ended)
    {
        var parent = Parent;
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false))
        {
            if (Parent != parent)
            {
                await ended.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentProcess();
}
