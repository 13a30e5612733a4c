using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley project add|list</c></summary>
internal static class ProjectCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "1 to 50 letters a-z, digits, '-', '_' or '.'." };

    public static Command Build() =>
        new ParleyCommand("project", "Add and list projects.", "parley project add website", "parley project list")
        {
            new ParleyCommand("add", "Add a project with its channel #general.", "parley project add website") { Name }.Does(AddAsync),
            new ParleyCommand("list", "List the projects.", "parley project list").Does(ListAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var project = await client.Projects.AddAsync(invocation.Get(Name)!, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(project, Screen.Wire.ProjectView);
        }
        else
        {
            invocation.Screen.Line($"Added the project {project.Name} with #general.");
        }
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var projects = await client.Projects.ListAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(projects, Screen.Wire.ListOfProjectView);
            return;
        }

        invocation.Screen.Table(
            projects.Items, "There are no projects: 'parley project add NAME'.",
            ("NAME", project => project.Name), ("CREATED", project => invocation.Screen.Time(project.CreatedAt)), ("ID", project => project.Id.ToString()));
    }
}
