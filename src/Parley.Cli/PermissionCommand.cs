using System.CommandLine;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley permission list|allow|deny</c></summary>
internal static class PermissionCommand
{
    private static readonly Argument<Guid> Id = new("id") { Description = "The question's id." };
    private static readonly Option<bool> All = new("--all") { Description = "Also what was decided or has expired." };

    public static Command Build() =>
        new ParleyCommand(
            "permission", "Decide what programs of hosted agents may do that ask first.", "parley permission list", "parley permission allow ID", "parley permission deny ID")
        {
            new ParleyCommand("list", "List what programs want to do.", "parley permission list", "parley permission list --all") { All }.Does(ListAsync),
            new ParleyCommand("allow", "Allow it, once.", "parley permission allow ID") { Id }.Does((invocation, cancellation) => DecideAsync(invocation, true, cancellation)),
            new ParleyCommand("deny", "Deny it.", "parley permission deny ID") { Id }.Does((invocation, cancellation) => DecideAsync(invocation, false, cancellation)),
        };

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var asked = await client.People.ListPermissionsAsync(invocation.Get(All), cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(asked, Screen.Wire.ListOfPermissionView);
            return;
        }

        invocation.Screen.Table(
            asked.Items, "No program waits for a permission.",
            ("ID", item => item.Id.ToString()), ("AT", item => invocation.Screen.Time(item.CreatedAt)), ("AGENT", item => item.Agent), ("STATE", item => item.State),
            ("KIND", item => item.Kind), ("WHAT", item => SafeText.Line(item.Title)), ("WITH", item => SafeText.Line(item.Detail)));
    }

    private static async Task DecideAsync(Invocation invocation, bool allow, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var decided = await client.People.DecidePermissionAsync(invocation.Get(Id), allow, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(decided, Screen.Wire.PermissionView);
            return;
        }

        invocation.Screen.Line($"{(allow ? "Allowed" : "Denied")}: {SafeText.Line(decided.Title)}");
    }
}
