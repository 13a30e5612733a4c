using System.CommandLine.Completions;
using Parley.Cli.Sessions;
using Parley.Client;

namespace Parley.Cli.Shell;

/// <summary>What the shell completes: names from the server if it answers quickly, else from this machine.</summary>
internal static class Suggestions
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const int SessionsShown = 50;

    public static readonly string[] MessageTypes = ["chat", "status", "request", "discovery", "coordination", "result"];

    public static IEnumerable<CompletionItem> Agents(CompletionContext context) =>
        Ask(context, async (client, cancellation) => (await client.Agents.ListAsync(cancellation).ConfigureAwait(false)).Items.SelectMany(agent => agent.Aliases.Prepend(agent.Name)))
        ?? DataFolder.Find(context.ParseResult.GetValue(GlobalOptions.Data)).AgentsWithToken().Select(name => new CompletionItem(name));

    public static IEnumerable<CompletionItem> Projects(CompletionContext context) =>
        Ask(context, async (client, cancellation) => (await client.Projects.ListAsync(cancellation).ConfigureAwait(false)).Items.Select(project => project.Name)) ?? [];

    public static IEnumerable<CompletionItem> Nodes(CompletionContext context) =>
        Ask(context, async (client, cancellation) => (await client.Nodes.ListAsync(cancellation).ConfigureAwait(false)).Items.Select(node => node.Name)) ?? [];

    public static IEnumerable<CompletionItem> Schedules(CompletionContext context) =>
        Ask(context, async (client, cancellation) => (await client.Schedules.ListAsync(cancellation).ConfigureAwait(false)).Items.Select(schedule => schedule.Name)) ?? [];

    public static IEnumerable<CompletionItem> Webhooks(CompletionContext context) =>
        Ask(context, async (client, cancellation) => (await client.Webhooks.ListAsync(cancellation).ConfigureAwait(false)).Items.Select(webhook => webhook.Name)) ?? [];

    public static IEnumerable<CompletionItem> Announcements(CompletionContext context) =>
        Ask(
            context, async (client, cancellation) =>
            {
                var names = new List<string>();
                foreach (var project in (await client.Projects.ListAsync(cancellation).ConfigureAwait(false)).Items)
                {
                    names.AddRange((await client.Projects.ListChannelsAsync(project.Name, cancellation).ConfigureAwait(false)).Items.Select(channel => "channel:" + channel.Name));
                }

                return names.Distinct();
            }) ?? [];

    /// <summary>The time zones that this machine knows.</summary>
    public static IEnumerable<CompletionItem> Zones(CompletionContext context) => TimeZoneInfo.GetSystemTimeZones().Select(zone => new CompletionItem(zone.Id));

    /// <summary>Labels of the newest spawned sessions, or the short form of their keys; a shell breaks a whole key at its colons.</summary>
    public static IEnumerable<CompletionItem> Sessions(CompletionContext context) =>
        Ask(context, async (client, cancellation) => SessionNames.Typed((await client.Sessions.ListAsync(limit: SessionsShown, cancellation: cancellation).ConfigureAwait(false)).Items)) ?? [];

    public static IEnumerable<CompletionItem> SessionsAndAgents(CompletionContext context) => Sessions(context).Concat(Agents(context));

    private static CompletionItem[]? Ask(CompletionContext context, Func<ParleyClient, CancellationToken, Task<IEnumerable<string>>> list)
    {
        try
        {
            var credentials = new Credentials(DataFolder.Find(context.ParseResult.GetValue(GlobalOptions.Data)), context.ParseResult.GetValue(GlobalOptions.Url));
            using var limit = new CancellationTokenSource(Patience);
            using var client = new ParleyClient(credentials.Server, credentials.OfPerson());
            // The library asks for completions synchronously, and this process does nothing else.
            var names = Task.Run(() => list(client, limit.Token)).GetAwaiter().GetResult();
            return [.. names.Select(name => new CompletionItem(name))];
        }
        catch (Exception fault) when (fault is ParleyException or OperationCanceledException)
        {
            // A shell in the middle of a line is no place for an error.
            return null;
        }
    }
}
