using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley agent add|list|show|edit|host|unhost|test|remove|sql-role</c></summary>
internal static class AgentCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The agent's name.", HelpName = "name", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string> NewName = new("name") { Description = "1 to 50 letters a-z, digits, '-', '_' or '.'." };
    private static readonly Option<string?> Type = new("--type") { Description = "What it calls itself, such as 'backend' or 'claude-code'." };
    private static readonly Option<string?> Description = new("--description") { Description = "One line about it." };
    private static readonly Option<string?> Project = new("--project") { Description = "The project whose #general it joins; default the only one.", CompletionSources = { Suggestions.Projects } };
    private static readonly Option<string?> Hold = Switches.Option("--hold", "on: a person approves everything it sends.");

    public static Command Build() =>
        new ParleyCommand("agent", "Add, list, show, edit, host and remove agents.", "parley agent add tesla", "parley agent list", "parley agent host tesla --model local/qwen2.5-7b-instruct", "parley agent edit tesla --hold on")
        {
            new ParleyCommand("add", "Add an agent, and keep its token on this machine.", "parley agent add tesla", "parley agent add aaron --type reviewer --description \"Reads pull requests\"")
            {
                NewName, Type, Description, Project,
            }.Does(AddAsync),
            new ParleyCommand("list", "List the agents.", "parley agent list", "parley agent list --json | jq -r '.items[].name'").Does(ListAsync),
            new ParleyCommand("show", "Show one agent.", "parley agent show tesla") { Name }.Does(ShowAsync),
            new ParleyCommand("edit", "Change an agent.", "parley agent edit tesla --description \"Does the backend\"", "parley agent edit tesla --hold on") { Name, Type, Description, Hold }.Does(EditAsync),
            HostCommand.Build(), HostCommand.BuildUnhost(), HostCommand.BuildTest(),
            new ParleyCommand("remove", "Remove an agent: its tokens end, its messages stay.", "parley agent remove tesla") { Name }.Does(RemoveAsync),
            new ParleyCommand("sql-role", "Make the database role through which the agent speaks SQL (PostgreSQL only).", "parley agent sql-role tesla") { Name }.Does(SqlRoleAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var request = new AddAgentRequest(invocation.Get(NewName), invocation.Get(Type), invocation.Get(Description), invocation.Get(Project));
        var agent = await client.Agents.AddAsync(request, cancellation).ConfigureAwait(false);
        await invocation.Credentials.IssueAsync(client, agent.Name, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(agent, Screen.Wire.AgentView);
        }
        else
        {
            invocation.Screen.Line($"Added the agent {agent.Name}. Speak for it with --as {agent.Name}.");
        }
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var agents = await client.Agents.ListAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(agents, Screen.Wire.ListOfAgentView);
            return;
        }

        invocation.Screen.Table(
            agents.Items, "There are no agents yet: 'parley agent add NAME'.",
            ("NAME", agent => agent.Name), ("TYPE", agent => agent.Type), ("STATE", State), ("UNREAD", agent => agent.Unread is { } unread ? Format.Number(unread) : ""),
            ("DESCRIPTION", agent => agent.Description));
    }

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var agent = await client.Agents.ReadAsync(invocation.Get(Name)!, cancellation).ConfigureAwait(false);
        var hosting = agent.Kind == "hosted" ? await client.Hosting.ReadAsync(agent.Name, cancellation).ConfigureAwait(false) : null;
        if (hosting is not null && invocation.Screen.IsJson)
        {
            var whole = Screen.Object(agent, Screen.Wire.AgentView);
            whole.Add("hosting", Screen.Object(hosting, Screen.Wire.HostingView));
            invocation.Screen.Json(whole);
            return;
        }

        Show(invocation.Screen, agent);
        if (hosting is not null)
        {
            invocation.Screen.Facts([.. HostCommand.Facts(hosting)]);
        }
    }

    private static async Task EditAsync(Invocation invocation, CancellationToken cancellation)
    {
        var change = new EditAgentRequest(invocation.Get(Type), invocation.Get(Description), invocation.Switch(Hold));
        if (change == new EditAgentRequest())
        {
            throw Refusal.Wrong("There is nothing to change.", "Give --type, --description or --hold.");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        Show(invocation.Screen, await client.Agents.EditAsync(invocation.Get(Name)!, change, cancellation).ConfigureAwait(false));
    }

    private static async Task RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Get(Name)!;
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        await client.Agents.RemoveAsync(name, cancellation).ConfigureAwait(false);
        invocation.Folder.RemoveAgentToken(name);
        invocation.Screen.Done($"Removed the agent {name}. Its messages stay.", ("removed", name));
    }

    private static async Task SqlRoleAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var role = await client.Agents.CreateSqlRoleAsync(invocation.Get(Name)!, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(role, Screen.Wire.SqlRoleView);
            return;
        }

        invocation.Screen.Facts(("role", role.Role), ("password", role.Password), ("connect", role.Example));
        invocation.Screen.Note("The password is shown this once.");
    }

    private static void Show(Screen screen, AgentView agent)
    {
        if (screen.IsJson)
        {
            screen.Json(agent, Screen.Wire.AgentView);
            return;
        }

        screen.Facts(
            ("name", agent.Name), ("id", agent.Id.ToString()), ("kind", agent.Kind), ("type", agent.Type), ("description", agent.Description), ("state", State(agent)), ("since", screen.Time(agent.ActivitySince)),
            ("hold", Format.YesNo(agent.Hold)), ("unread", agent.Unread is { } unread ? Format.Number(unread) : null), ("created", screen.Time(agent.CreatedAt)));
    }

    private static string State(AgentView agent) => agent.Halted ? "halted" : agent.Activity is "busy" or "idle" ? agent.Activity : agent.Connected ? "connected" : agent.Activity ?? "away";
}
