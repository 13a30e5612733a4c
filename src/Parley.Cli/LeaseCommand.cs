using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley lease add|list|extend|release</c></summary>
internal static class LeaseCommand
{
    private static readonly Argument<string[]> Paths = new("paths") { Description = "Paths or patterns (*, **, ?) relative to the project.", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<Guid> Lease = new("lease") { Description = "The lease's id." };
    private static readonly Option<string?> Project = new("--project") { Description = "The project; default the only one.", CompletionSources = { Suggestions.Projects } };
    private static readonly Option<bool> Shared = new("--shared") { Description = "Others may work there too." };
    private static readonly Option<string?> Note = new("--note") { Description = "What it is about." };
    private static readonly Option<TimeSpan?> Ttl = Durations.Option("--ttl", "When it ends by itself: 10s to 24h (default 15m).", TimeSpan.FromSeconds(1));

    public static Command Build() =>
        new ParleyCommand("lease", "Announce work on files, so that agents do not step on each other.", "parley lease add 'src/api/**' --as tesla --note \"New endpoint\"", "parley lease list")
        {
            new ParleyCommand("add", "Announce work on files; overlaps are told to both.", "parley lease add src/Program.cs 'src/api/**' --as tesla --ttl 30m") { Paths, Project, Shared, Note, Ttl }.Does(AddAsync),
            new ParleyCommand("list", "List the leases that have not ended.", "parley lease list") { Project }.Does(ListAsync),
            new ParleyCommand("extend", "Let a lease last longer, counted from now.", "parley lease extend LEASE --ttl 30m --as tesla") { Lease, Project, Ttl }.Does(ExtendAsync),
            new ParleyCommand("release", "End a lease.", "parley lease release LEASE --as tesla") { Lease, Project }.Does(ReleaseAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        var request = new LeaseRequest(invocation.Get(Paths), invocation.Get(Shared) ? false : null, invocation.Get(Note), invocation.Get(Ttl)?.TotalSeconds);
        Show(invocation.Screen, await client.Projects.AddLeaseAsync(project, request, cancellation).ConfigureAwait(false));
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        var leases = await client.Projects.ListLeasesAsync(project, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(leases, Screen.Wire.ListOfLeaseView);
            return;
        }

        invocation.Screen.Table(
            leases.Items, "Nobody has announced work on files.",
            ("AGENT", lease => lease.Agent), ("PATHS", lease => string.Join(", ", lease.Paths)), ("ALONE", lease => Format.YesNo(lease.Exclusive)), ("ENDS", lease => invocation.Screen.Time(lease.ExpiresAt)),
            ("NOTE", lease => lease.Note), ("ID", lease => lease.Id.ToString()));
    }

    private static async Task ExtendAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        Show(invocation.Screen, await client.Projects.ExtendLeaseAsync(project, invocation.Get(Lease), invocation.Get(Ttl) ?? TimeSpan.FromMinutes(15), cancellation).ConfigureAwait(false));
    }

    private static async Task ReleaseAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        var lease = invocation.Get(Lease);
        await client.Projects.ReleaseLeaseAsync(project, lease, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Released the lease {lease}.", ("released", lease.ToString()));
    }

    private static void Show(Screen screen, LeaseView lease)
    {
        if (screen.IsJson)
        {
            screen.Json(lease, Screen.Wire.LeaseView);
            return;
        }

        screen.Line($"{lease.Id}: {lease.Agent} works on {SafeText.Line(string.Join(", ", lease.Paths))} until {screen.Time(lease.ExpiresAt)}.");
        foreach (var overlap in lease.Overlaps)
        {
            screen.Line($"Overlaps with {overlap.Agent}: {SafeText.Line(string.Join(", ", overlap.Paths))}");
        }
    }
}
