using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley models</c></summary>
internal static class ModelsCommand
{
    public static Command Build() =>
        new ParleyCommand("models", "List the providers of models that the server reaches, with their models and prices.", "parley models", "parley models --json | jq -r '.items[].models[].name'").Does(ListAsync);

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var providers = await client.Hosting.ListModelsAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(providers, Screen.Wire.ListOfProviderView);
            return;
        }

        var rows = providers.Items.SelectMany(provider => provider.Models.Count == 0
            ? [(Provider: provider, Model: null)]
            : provider.Models.Select(model => (Provider: provider, Model: (ModelView?)model))).ToList();
        invocation.Screen.Table(
            rows, "This server knows no provider of models.", ("MODEL", row => row.Model?.Name ?? row.Provider.Name + "/…"), ("STATE", row => row.Provider.State),
            ("INPUT", row => RootsCommand.Money(row.Model?.InputPrice)), ("OUTPUT", row => RootsCommand.Money(row.Model?.OutputPrice)), ("NOTE", row => row.Provider.Note));
        invocation.Screen.Note("Prices are US dollars for a million tokens.");
    }
}
