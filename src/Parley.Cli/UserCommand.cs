using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley user add|invite|list</c></summary>
internal static class UserCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The user's name." };
    private static readonly Option<string?> Role = new("--role") { Description = "admin or member (default)." };

    static UserCommand() => Role.AcceptOnlyFromAmong("admin", "member");

    public static Command Build() =>
        new ParleyCommand("user", "Add, invite and list the people of the organization.", "parley user add grace --role admin", "parley user invite grace", "parley user list")
        {
            new ParleyCommand("add", "Add a user; give them a token with 'parley token add --user'.", "parley user add grace", "parley token add --user grace") { Name, Role }.Does(AddAsync),
            new ParleyCommand("invite", "Print a link that opens the console for a user, once, within seven days; adds the user where there is none of that name.", "parley user invite grace", "parley user invite grace --role admin") { Name, Role }.Does(InviteAsync),
            new ParleyCommand("list", "List the users.", "parley user list").Does(ListAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var user = await client.Tokens.AddUserAsync(new AddUserRequest(invocation.Get(Name), invocation.Get(Role)), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(user, Screen.Wire.UserView);
        }
        else
        {
            invocation.Screen.Say($"Added the {user.Role} {user.Name}. Let them in with: parley user invite {user.Name}");
        }
    }

    private static async Task InviteAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var name = invocation.Get(Name)!.Trim().ToLowerInvariant();
        var users = await client.Tokens.ListUsersAsync(cancellation).ConfigureAwait(false);
        if (!users.Items.Any(user => user.Name == name))
        {
            await client.Tokens.AddUserAsync(new AddUserRequest(name, invocation.Get(Role)), cancellation).ConfigureAwait(false);
        }

        var link = await client.Console.LinkAsync(name, cancellation).ConfigureAwait(false);
        var address = ConsoleCommand.Address(invocation, link.Path);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Done("", ("url", address), ("user", link.User), ("expires_at", Format.Time(link.ExpiresAt)));
        }
        else
        {
            invocation.Screen.Line(address);
            invocation.Screen.Note($"Give it to {link.User}: it signs in one browser, once, until {invocation.Screen.Time(link.ExpiresAt)}.");
        }
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var users = await client.Tokens.ListUsersAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(users, Screen.Wire.ListOfUserView);
            return;
        }

        invocation.Screen.Table(
            users.Items, "There are no users.",
            ("NAME", user => user.Name), ("ROLE", user => user.Role), ("CREATED", user => invocation.Screen.Time(user.CreatedAt)), ("ID", user => user.Id.ToString()));
    }
}
