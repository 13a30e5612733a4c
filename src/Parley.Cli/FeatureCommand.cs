using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley feature list|on|off</c></summary>
internal static class FeatureCommand
{
    private static readonly Argument<string> Name = new("feature") { Description = "The feature." };

    static FeatureCommand() => Name.AcceptOnlyFromAmong("peer_messaging", "meetings", "subagents", "a2a", "sql_door");

    public static Command Build() =>
        new ParleyCommand("feature", "Switch parts of Parley on and off for the organization.", "parley feature list", "parley feature off peer_messaging")
        {
            new ParleyCommand("list", "List the features.", "parley feature list").Does(ListAsync),
            new ParleyCommand("on", "Switch a feature on.", "parley feature on sql_door") { Name }.Does((invocation, cancellation) => SetAsync(invocation, true, cancellation)),
            new ParleyCommand("off", "Switch a feature off.", "parley feature off sql_door") { Name }.Does((invocation, cancellation) => SetAsync(invocation, false, cancellation)),
        };

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        Show(invocation.Screen, await client.Server.ReadFeaturesAsync(cancellation).ConfigureAwait(false));
    }

    private static async Task SetAsync(Invocation invocation, bool on, CancellationToken cancellation)
    {
        var change = invocation.Get(Name) switch
        {
            "peer_messaging" => new FeatureSwitches(PeerMessaging: on),
            "meetings" => new FeatureSwitches(Meetings: on),
            "subagents" => new FeatureSwitches(Subagents: on),
            "a2a" => new FeatureSwitches(A2a: on),
            _ => new FeatureSwitches(SqlDoor: on),
        };
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        Show(invocation.Screen, await client.Server.SetFeaturesAsync(change, cancellation).ConfigureAwait(false));
    }

    private static void Show(Screen screen, FeatureSwitches features)
    {
        if (screen.IsJson)
        {
            screen.Json(features, Screen.Wire.FeatureSwitches);
            return;
        }

        screen.Facts(
            ("peer_messaging", OnOff(features.PeerMessaging)), ("meetings", OnOff(features.Meetings)), ("subagents", OnOff(features.Subagents)), ("a2a", OnOff(features.A2a)),
            ("sql_door", OnOff(features.SqlDoor)));
    }

    private static string OnOff(bool? value) => value == true ? "on" : "off";
}
