using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley agent add|list|find|show|edit|host|unhost|test|remote|remove|sql-role</c></summary>
internal static class AgentCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The agent's name.", HelpName = "name", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string> NewName = new("name") { Description = "1 to 50 letters a-z, digits, '-', '_' or '.'." };
    private static readonly Option<string?> Type = new("--type") { Description = "What it calls itself, such as 'backend' or 'claude-code'." };
    private static readonly Option<string?> Description = new("--description") { Description = "One line about it." };
    private static readonly Option<string?> Project = new("--project") { Description = "The project whose #general it joins; default the only one.", CompletionSources = { Suggestions.Projects } };
    private static readonly Option<string[]> Alias = Repeated("--alias", "NAME", "Another name by which it is addressed; may be repeated.");
    private static readonly Option<string[]> NoAlias = Repeated("--remove-alias", "NAME", "An alias that it is to have no more.");
    private static readonly Option<string[]> Skill = Repeated("--skill", "TAG", "What it is good at, such as code-review; may be repeated.");
    private static readonly Option<string[]> NoSkill = Repeated("--remove-skill", "TAG", "A skill that it is to have no more.");
    private static readonly Option<string?> WithSkill = new("--skill") { Description = "Only those that have this skill.", HelpName = "TAG" };
    private static readonly Argument<string[]> Words = new("text") { Description = "Words of names, aliases, skills, types and descriptions.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Hold = Switches.Option("--hold", "on: a person approves everything it sends.");

    public static Command Build() =>
        new ParleyCommand("agent", "Add, list, find, show, edit, host and remove agents.", "parley agent add tesla", "parley agent list", "parley agent host tesla --model local/qwen2.5-7b-instruct", "parley agent edit tesla --hold on")
        {
            new ParleyCommand("add", "Add an agent, and keep its token on this machine.", "parley agent add tesla", "parley agent add aaron --type reviewer --description \"Reads pull requests\"", "parley agent add barnum --alias ux --skill usability --skill copywriting")
            {
                NewName, Type, Description, Alias, Skill, Project,
            }.Does(AddAsync),
            new ParleyCommand("list", "List the agents.", "parley agent list", "parley agent list --skill code-review", "parley agent list --json | jq -r '.items[].name'") { WithSkill }.Does(ListAsync),
            new ParleyCommand("find", "Find agents by what they are called and good at, the best first.", "parley agent find review", "parley agent find \"pull requests\" --json") { Words }.Does(FindAsync),
            new ParleyCommand("show", "Show one agent.", "parley agent show tesla") { Name }.Does(ShowAsync),
            new ParleyCommand("edit", "Change an agent.", "parley agent edit tesla --description \"Does the backend\"", "parley agent edit tesla --hold on", "parley agent edit tesla --alias nikola --skill code-review --remove-skill css")
            {
                Name, Type, Description, Alias, NoAlias, Skill, NoSkill, Hold,
            }.Does(EditAsync),
            HostCommand.Build(), HostCommand.BuildUnhost(), HostCommand.BuildTest(), RemoteCommand.Build(),
            new ParleyCommand("remove", "Remove an agent: its tokens end, its messages stay.", "parley agent remove tesla") { Name }.Does(RemoveAsync),
            new ParleyCommand("sql-role", "Make the database role through which the agent speaks SQL (PostgreSQL only).", "parley agent sql-role tesla") { Name }.Does(SqlRoleAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var request = new AddAgentRequest(invocation.Get(NewName), invocation.Get(Type), invocation.Get(Description), invocation.Get(Project), invocation.Get(Alias), invocation.Get(Skill));
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
        var skill = invocation.Get(WithSkill);
        Table(
            invocation.Screen, await client.Agents.ListAsync(skill, text: null, cancellation).ConfigureAwait(false),
            skill is null ? "There are no agents yet: 'parley agent add NAME'." : "No agent has that skill: 'parley agent list' shows all.");
    }

    private static async Task FindAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var found = await client.Agents.ListAsync(skill: null, string.Join(' ', invocation.Get(Words)!), cancellation).ConfigureAwait(false);
        Table(invocation.Screen, found, "No agent is found by that: 'parley agent list' shows all.");
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
        var (aliases, skills) = (new Changed(invocation, Alias, NoAlias), new Changed(invocation, Skill, NoSkill));
        if (change == new EditAgentRequest() && !aliases.IsGiven && !skills.IsGiven)
        {
            throw Refusal.Wrong("There is nothing to change.", "Give --type, --description, --alias, --skill or --hold.");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var name = invocation.Get(Name)!;
        if (aliases.IsGiven || skills.IsGiven)
        {
            var before = await client.Agents.ReadAsync(name, cancellation).ConfigureAwait(false);
            // By its own name: the alias may be what goes.
            (name, change) = (before.Name, change with { Aliases = aliases.Of(before.Aliases), Skills = skills.Of(before.Skills) });
        }

        Show(invocation.Screen, await client.Agents.EditAsync(name, change, cancellation).ConfigureAwait(false));
    }

    private static async Task RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var name = (await client.Agents.ReadAsync(invocation.Get(Name)!, cancellation).ConfigureAwait(false)).Name;
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
            ("name", agent.Name), ("aliases", Joined(agent.Aliases)), ("id", agent.Id.ToString()), ("kind", agent.Kind), ("type", agent.Type), ("description", agent.Description), ("skills", Joined(agent.Skills)), ("state", State(agent)), ("since", screen.Time(agent.ActivitySince)),
            ("hold", Format.YesNo(agent.Hold)), ("unread", agent.Unread is { } unread ? Format.Number(unread) : null), ("created", screen.Time(agent.CreatedAt)));
    }

    private static void Table(Screen screen, ListOf<AgentView> agents, string whenEmpty)
    {
        if (screen.IsJson)
        {
            screen.Json(agents, Screen.Wire.ListOfAgentView);
            return;
        }

        var (aliases, skills) = (agents.Items.Any(agent => agent.Aliases.Count > 0), agents.Items.Any(agent => agent.Skills.Count > 0));
        var columns = new List<(string, Func<AgentView, string?>)> { ("NAME", agent => agent.Name) };
        if (aliases)
        {
            columns.Add(("ALIASES", agent => string.Join(' ', agent.Aliases)));
        }

        columns.AddRange([("TYPE", agent => agent.Type), ("STATE", State), ("UNREAD", agent => agent.Unread is { } unread ? Format.Number(unread) : "")]);
        if (skills)
        {
            columns.Add(("SKILLS", agent => string.Join(' ', agent.Skills)));
        }

        screen.Table(agents.Items, whenEmpty, [.. columns, ("DESCRIPTION", agent => agent.Description)]);
    }

    private static string? Joined(IReadOnlyList<string> names) => names.Count == 0 ? null : string.Join(", ", names);

    private static Option<string[]> Repeated(string name, string what, string description) => new(name) { Description = description, HelpName = what };

    private static string State(AgentView agent) => agent.Halted ? "halted" : agent.Activity is "busy" or "idle" ? agent.Activity : agent.Connected ? "connected" : agent.Activity ?? "away";

    /// <summary>A list with what is to be added and taken away.</summary>
    private sealed class Changed(Invocation invocation, Option<string[]> added, Option<string[]> removed)
    {
        public bool IsGiven => invocation.IsGiven(added) || invocation.IsGiven(removed);

        public IReadOnlyList<string>? Of(IReadOnlyList<string> before)
        {
            var gone = (invocation.Get(removed) ?? []).Select(Plain).ToList();
            var unknown = gone.Find(name => !before.Contains(name));
            return unknown is not null ? throw Refusal.Wrong($"It has no '{unknown}' to remove.", before.Count == 0 ? "It has none." : $"It has {string.Join(", ", before)}.")
                : IsGiven ? [.. before.Concat((invocation.Get(added) ?? []).Select(Plain)).Except(gone)] : null;
        }

        private static string Plain(string name) => name.Trim().TrimStart('@').ToLowerInvariant();
    }
}
