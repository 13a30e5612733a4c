using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley audit</c></summary>
internal static class AuditCommand
{
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many lines, 1 to 500.", HelpName = "N" };

    public static Command Build() =>
        new ParleyCommand("audit", "Read who did what: the newest lines of the audit log.", "parley audit", "parley audit --limit 500 --json") { Limit }.Does(ListAsync);

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var lines = await client.Server.ListAuditAsync(invocation.Get(Limit), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(lines, Screen.Wire.ListOfAuditView);
            return;
        }

        invocation.Screen.Table(
            lines.Items, "The audit log is empty.",
            ("AT", line => invocation.Screen.Time(line.At)), ("WHO", line => line.Actor), ("WHAT", line => line.Action), ("OF", line => line.Target), ("DECISION", line => line.Decision));
    }
}
