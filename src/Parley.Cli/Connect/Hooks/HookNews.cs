using System.Security.Cryptography;
using System.Text;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Connect.Hooks;

/// <summary>What is unread in the inbox and was not told to a session yet. Telling acknowledges nothing.</summary>
internal sealed class HookNews(DataFolder folder, string agent, string session)
{
    private const int Most = 100;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly string[] Settled = ["acknowledged", "replied", "expired", "refused", "dead"];

    private string Mark => Path.Combine(folder.Path, "hooks", $"{agent}-{Short(session)}");

    /// <summary>What is new, after waiting for it at most so long; it counts as told from now on.</summary>
    public async Task<IReadOnlyList<MessageView>> TakeAsync(ParleyClient client, TimeSpan wait, CancellationToken cancellation)
    {
        var page = await ReadAsync(client, wait, cancellation).ConfigureAwait(false);
        // Another hook of the same session may have told it in the meantime.
        var told = Number(Told());
        MessageView[] news = [.. page.Items.Where(message => message.InboxNumber > told && !Settled.Contains(message.State))];
        if (page.Items.Count > 0 && Number(page.Cursor) > told)
        {
            Keep(page.Cursor);
        }

        return news;
    }

    public static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private async Task<InboxPage> ReadAsync(ParleyClient client, TimeSpan wait, CancellationToken cancellation)
    {
        try
        {
            return await client.Inbox.ReadAsync(Told(), Most, wait, cancellation).ConfigureAwait(false);
        }
        catch (ParleyException refusal) when (refusal.Code is "epoch_changed" or "cursor_too_old" or "invalid_cursor")
        {
            File.Delete(Mark);
            return await client.Inbox.ReadAsync(null, Most, wait, cancellation).ConfigureAwait(false);
        }
    }

    private string? Told() => File.Exists(Mark) ? File.ReadAllText(Mark).Trim() : null;

    private void Keep(string cursor)
    {
        folder.Create();
        if (!Directory.Exists(Path.GetDirectoryName(Mark)))
        {
            DataFolder.CreateFolder(Path.GetDirectoryName(Mark)!);
        }

        DataFolder.WriteSecret(Mark, cursor);
        foreach (var old in Directory.EnumerateFiles(Path.GetDirectoryName(Mark)!).Where(file => File.GetLastWriteTimeUtc(file) < TimeProvider.System.GetUtcNow().UtcDateTime - Kept))
        {
            File.Delete(old);
        }
    }

    /// <summary>The number in a cursor.</summary>
    private static long Number(string? cursor) => cursor is not null && long.TryParse(cursor.AsSpan(cursor.LastIndexOf('-') + 1), out var number) ? number : 0;
}
