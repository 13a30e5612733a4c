using System.CommandLine;
using Parley.Cli.Config;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley doctor</c>: what this machine can see, then what the server finds in itself.</summary>
internal static class DoctorCommand
{
    public static Command Build() =>
        new ParleyCommand("doctor", "Check the data folder, the disk, the clock, the server and its store. Exit code 1 where something is at fault.", "parley doctor", "parley doctor --json")
            .Does(ExamineAsync);

    private static async Task<int> ExamineAsync(Invocation invocation, CancellationToken cancellation)
    {
        var findings = LocalChecks.Run(invocation.Folder).ToList();
        findings.Add(ConfigFindings.OfFile(ConfigCommand.Read(invocation)));
        findings.AddRange(await AskServerAsync(invocation, cancellation).ConfigureAwait(false));
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(new ListOf<DoctorFinding>(findings), Screen.Wire.ListOfDoctorFinding);
        }
        else
        {
            invocation.Screen.Table(findings, "", ("CHECK", finding => finding.Check), ("STATUS", finding => finding.Status), ("FOUND", finding => finding.Text), ("FIX", finding => CommandName.In(finding.Fix)));
        }

        return findings.Any(finding => finding.Status == "fault") ? ExitCode.Failure : ExitCode.Ok;
    }

    private static async Task<IReadOnlyList<DoctorFinding>> AskServerAsync(Invocation invocation, CancellationToken cancellation)
    {
        var findings = new List<DoctorFinding>();
        var server = invocation.Credentials.Server.GetLeftPart(UriPartial.Authority);
        try
        {
            var nobody = invocation.ConnectAsNobody();
            await nobody.Server.CheckLiveAsync(cancellation).ConfigureAwait(false);
            findings.Add(new DoctorFinding("server", "ok", $"A server answers at {server}.", ""));
            await nobody.Server.CheckReadyAsync(cancellation).ConfigureAwait(false);
            findings.Add(new DoctorFinding("ready", "ok", "It accepts messages.", ""));
        }
        catch (ParleyException error)
        {
            findings.Add(new DoctorFinding(findings.Count == 0 ? "server" : "ready", "fault", error.Message, error.Fix));
            if (error.Code == ParleyException.Unreachable)
            {
                return findings;
            }
        }

        try
        {
            var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
            var info = await client.Server.ReadAsync(cancellation).ConfigureAwait(false);
            findings.Add(info.Version == VersionCommand.Version
                ? new DoctorFinding("version", "ok", $"Program and server are both {info.Version}.", "")
                : new DoctorFinding("version", "warning", $"The server is {info.Version}, this program {VersionCommand.Version}.", "Use the same version of both."));
            findings.Add(ConfigFindings.OfServer(await client.Server.ReadConfigAsync(cancellation).ConfigureAwait(false)));
            findings.AddRange((await client.Server.ExamineAsync(cancellation).ConfigureAwait(false)).Items);
        }
        catch (ParleyException error)
        {
            findings.Add(new DoctorFinding(error.Code is "unauthenticated" or "forbidden" ? "token" : "server's checks", "fault", error.Message, error.Fix));
        }

        return findings;
    }
}
