using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Http;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley channel create|list|join|leave|members|post|history</c></summary>
internal static class ChannelCommand
{
    private static readonly Argument<string> Name = new("channel") { Description = "The channel, with or without '#'." };
    private static readonly Argument<string?> Agent = new("agent") { Description = "The agent; default the one of --as.", HelpName = "agent", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Text = new("text") { Description = "The text; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Project = new("--project") { Description = "The project; default the only one.", CompletionSources = { Suggestions.Projects } };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many messages, 1 to 500.", HelpName = "N" };

    public static Command Build() =>
        new ParleyCommand("channel", "Channels of a project: everybody in one reads what is posted there.", "parley channel create review", "parley channel join review aaron", "parley channel post review \"Ready\" --as tesla")
        {
            new ParleyCommand("create", "Create a channel.", "parley channel create review --project website") { Name, Project }.Does(CreateAsync),
            new ParleyCommand("list", "List the channels of a project.", "parley channel list") { Project }.Does(ListAsync),
            new ParleyCommand("join", "Add an agent to a channel.", "parley channel join review aaron", "parley channel join review --as aaron") { Name, Agent, Project }.Does(JoinAsync),
            new ParleyCommand("leave", "Take an agent out of a channel.", "parley channel leave review aaron") { Name, Agent, Project }.Does(LeaveAsync),
            new ParleyCommand("members", "List the members of a channel.", "parley channel members review") { Name, Project }.Does(MembersAsync),
            new ParleyCommand("post", "Post to a channel.", "parley channel post general \"Starting\" --as tesla", "make test | parley channel post general - --as tesla --type status",
                "parley channel post general \"Agreed\" --as aaron --reply-to MESSAGE --key agreed-7") { Name, Text, SendCommand.Type, SendCommand.Key, SendCommand.ReplyTo, Project }.Does(PostAsync),
            new ParleyCommand("history", "Read a channel.", "parley channel history general --limit 20") { Name, Project, Limit }.Does(HistoryAsync),
        };

    private static async Task CreateAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        var channel = await client.Projects.CreateChannelAsync(project, invocation.Get(Name)!, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(channel, Screen.Wire.ChannelView);
        }
        else
        {
            invocation.Screen.Line($"Created #{channel.Name} in {channel.Project}.");
        }
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var channels = await ReadAsync(invocation, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(channels, Screen.Wire.ListOfChannelView);
            return;
        }

        invocation.Screen.Table(
            channels.Items, "There are no channels.",
            ("PROJECT", channel => channel.Project), ("CHANNEL", channel => $"#{channel.Name}"), ("MESSAGES", channel => Format.Number(channel.Head)), ("MEMBERS", channel => string.Join(", ", channel.Members)));
    }

    private static async Task JoinAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        var (channel, agent) = Member(invocation);
        await client.Projects.JoinChannelAsync(project, channel, agent, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"{agent ?? invocation.Agent} is in #{channel}.", ("joined", channel), ("agent", agent ?? invocation.Agent));
    }

    private static async Task LeaveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        var (channel, agent) = Member(invocation);
        await client.Projects.LeaveChannelAsync(project, channel, agent, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"{agent ?? invocation.Agent} has left #{channel}.", ("left", channel), ("agent", agent ?? invocation.Agent));
    }

    private static async Task MembersAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Get(Name)!.TrimStart('#');
        var channels = await ReadAsync(invocation, cancellation).ConfigureAwait(false);
        var channel = channels.Items.FirstOrDefault(channel => string.Equals(channel.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw Refusal.NotFound($"There is no channel '#{name}'.", "'parley channel list' shows them.");
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(channel, Screen.Wire.ChannelView);
            return;
        }

        invocation.Screen.Table(channel.Members, "Nobody is in it: 'parley channel join'.", ("MEMBER", member => member));
    }

    private static async Task PostAsync(Invocation invocation, CancellationToken cancellation)
    {
        var text = await TextInput.ReadAsync(invocation.Get(Text), cancellation).ConfigureAwait(false);
        await SendCommand.SendAsync(invocation, $"#{invocation.Get(Name)!.TrimStart('#')}", invocation.Get(Project), text, cancellation).ConfigureAwait(false);
    }

    private static async Task HistoryAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        var filter = new MessageFilter { Project = project, Channel = invocation.Get(Name), Limit = invocation.Get(Limit) };
        await HistoryCommand.ShowAsync(invocation, filter, cancellation).ConfigureAwait(false);
    }

    private static (string Channel, string? Agent) Member(Invocation invocation)
    {
        var agent = invocation.Get(Agent);
        return agent is null && invocation.Agent is null && Credentials.FromEnvironment is null
            ? throw Refusal.Wrong("Say which agent.", "Give its name after the channel, or --as AGENT.", "agent")
            : (invocation.Get(Name)!.TrimStart('#'), agent?.TrimStart('@'));
    }

    private static async Task<ListOf<ChannelView>> ReadAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await invocation.ProjectAsync(client, Project, cancellation).ConfigureAwait(false);
        return await client.Projects.ListChannelsAsync(project, cancellation).ConfigureAwait(false);
    }
}
