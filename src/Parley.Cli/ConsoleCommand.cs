using System.CommandLine;
using System.Diagnostics;
using Parley.Cli.Shell;
using Parley.Client;

namespace Parley.Cli;

/// <summary><c>parley console [sessions|revoke]</c></summary>
internal static class ConsoleCommand
{
    private static readonly Option<bool> Open = new("--open") { Description = "Open it in this machine's browser, too." };
    private static readonly Argument<Guid> Id = new("id") { Description = "The session, from 'parley console sessions'." };

    public static Command Build() =>
        new ParleyCommand("console", "Print a link that opens the console in a browser, signed in as you; it works once, within an hour.", "parley console", "parley console --open", "parley console sessions", "parley console revoke ID")
        {
            Open,
            new ParleyCommand("sessions", "List the browsers that are signed in.", "parley console sessions").Does(ListAsync),
            new ParleyCommand("revoke", "Sign a browser out.", "parley console revoke ID") { Id }.Does(RevokeAsync),
        }.Does(LinkAsync);

    /// <summary>The whole address of a link.</summary>
    public static string Address(Invocation invocation, string path) => invocation.Credentials.Server.GetLeftPart(UriPartial.Authority) + path;

    private static async Task LinkAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var link = await client.Console.LinkAsync(user: null, cancellation).ConfigureAwait(false);
        var address = Address(invocation, link.Path);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Done("", ("url", address), ("user", link.User), ("expires_at", Format.Time(link.ExpiresAt)));
        }
        else
        {
            invocation.Screen.Line(address);
            invocation.Screen.Note($"It signs in one browser as {link.User}, once, until {invocation.Screen.Time(link.ExpiresAt)}.");
        }

        if (invocation.Get(Open) && !TryOpen(address))
        {
            invocation.Screen.Note("No browser could be started here; open the link by hand.");
        }
    }

    private static bool TryOpen(string address)
    {
        var opener = OperatingSystem.IsWindows() ? "explorer" : OperatingSystem.IsMacOS() ? "open" : "xdg-open";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(opener, [address]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
            return process is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var sessions = await client.Console.ListSessionsAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(sessions, Screen.Wire.ListOfConsoleSessionView);
            return;
        }

        invocation.Screen.Table(
            sessions.Items, "No browser is signed in. Open the console with: parley console",
            ("USER", session => session.User), ("BROWSER", session => session.Label), ("SINCE", session => invocation.Screen.Time(session.CreatedAt)),
            ("UNTIL", session => invocation.Screen.Time(session.ExpiresAt)), ("ID", session => session.Id.ToString()));
    }

    private static async Task RevokeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var id = invocation.Get(Id);
        await client.Console.RevokeSessionAsync(id, cancellation).ConfigureAwait(false);
        invocation.Screen.Done("Signed that browser out.", ("revoked", id.ToString()));
    }
}
