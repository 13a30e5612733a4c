using System.CommandLine;
using System.Text.Json.Nodes;
using Parley.Cli.Config;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley config check|show|init|schema</c>: the configuration, with or without a server.</summary>
internal static class ConfigCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Argument<string?> File = new("file") { Description = "The file; default $PARLEY_CONFIG, else the running server's, else parley.json in the data folder.", HelpName = "file", Arity = ArgumentArity.ZeroOrOne };

    public static Command Build() =>
        new ParleyCommand("config", "Check, show and begin the configuration parley.json.", "parley config init", "parley config check", "parley config show")
        {
            new ParleyCommand("check", "Name every fault of the configuration with its place and its fix. Exit code 2 where there is one. Needs no server.", "parley config check", "parley config check ./parley.json --json") { File }.Does(CheckAsync),
            new ParleyCommand("show", "Show the values that hold, and where each comes from.", "parley config show", "parley config show --json") { File }.Does(ShowAsync),
            new ParleyCommand("init", "Write a file with comments to begin with, and its schema for editors beside it.", "parley config init", "parley config init ./parley.json") { File }.Does(Init),
            new ParleyCommand("schema", "Print the JSON Schema of the configuration.", "parley config schema > parley.schema.json").Does(Schema),
        };

    private static async Task<int> CheckAsync(Invocation invocation, CancellationToken cancellation)
    {
        var config = Read(invocation);
        var findings = config.Findings.ToList();
        if (config.IsSound && await AskAsync(invocation, client => client.Agents.ListAsync(cancellation), cancellation).ConfigureAwait(false) is { } agents)
        {
            findings.AddRange(Crossings.Strangers(config.Root, [.. agents.Items.SelectMany(agent => agent.Aliases.Prepend(agent.Name))]));
        }

        var screen = invocation.Screen;
        var (faults, warnings) = (findings.Count(finding => !finding.IsWarning), findings.Count(finding => finding.IsWarning));
        if (screen.IsJson)
        {
            screen.Json(new JsonObject { ["file"] = config.Place.File, ["exists"] = config.Exists, ["ok"] = faults == 0, ["findings"] = new JsonArray([.. findings.Select(Json)]) });
            return faults == 0 ? ExitCode.Ok : ExitCode.WrongInput;
        }

        foreach (var finding in findings)
        {
            screen.Line(ConfigRefusal.Lines(finding));
        }

        var file = SafeText.Line(config.Place.File);
        screen.Line(faults > 0 ? $"{file} has {ConfigRefusal.Count(faults, "fault")}. A server does not start with it; one that runs goes on as before."
            : !config.Exists ? $"There is no {file}. The defaults hold."
            : $"{file} is free of faults.{(warnings > 0 ? $" It has {ConfigRefusal.Count(warnings, "warning")}." : "")}");
        return faults == 0 ? ExitCode.Ok : ExitCode.WrongInput;
    }

    private static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var screen = invocation.Screen;
        var running = invocation.Get(File) is null ? await AskAsync(invocation, client => client.Server.ReadConfigAsync(cancellation), cancellation).ConfigureAwait(false) : null;
        var config = running is { File: not null } ? running : Local(Read(invocation));
        if (screen.IsJson)
        {
            screen.Json(config, Screen.Wire.ConfigView);
            return ExitCode.Ok;
        }

        screen.Table(config.Settings, "", ("KEY", setting => setting.Key), ("VALUE", setting => setting.NextText is { } next ? $"{setting.Text} ({next} from the next start)" : setting.Text), ("FROM", From));
        screen.Note(config == running ? "So the server runs." : "No server was asked: one that starts with this file and this environment runs so.");
        if (config.Faults.Count > 0)
        {
            screen.Note($"The file has {ConfigRefusal.Count(config.Faults.Count, "fault")} now; what held before goes on. See: parley config check");
        }

        return ExitCode.Ok;
    }

    private static ConfigView Local(LoadedConfig config) => new(ConfigRefusal.Require(config).Place.File, [.. config.Settings.Select(setting => ConfigMapping.ToView(setting))], []);

    private static string From(SettingView setting) => setting.Line is { } line ? $"{Path.GetFileName(setting.Source)}:{Format.Number(line)}" : setting.Source;

    private static Task Init(Invocation invocation, CancellationToken cancellation)
    {
        var place = Place(invocation);
        if (System.IO.File.Exists(place.File))
        {
            throw Refusal.Conflict($"There is a file {place.File} already.", "Look at it with 'parley config show', or name another one: parley config init FILE");
        }

        if (invocation.Get(File) is null)
        {
            invocation.Folder.Create();
        }

        var schema = Path.Combine(Path.GetDirectoryName(place.File)!, ConfigSchema.Name);
        DataFolder.WriteSecret(place.File, Starter.Text.TrimEnd('\n'));
        DataFolder.WriteSecret(schema, ConfigSchema.Text().TrimEnd('\n'));
        invocation.Screen.Done($"Wrote {place.File}, and {ConfigSchema.Name} beside it for editors. Check it with: parley config check", ("file", place.File), ("schema", schema));
        return Task.CompletedTask;
    }

    private static Task Schema(Invocation invocation, CancellationToken cancellation)
    {
        invocation.Screen.Line(ConfigSchema.Text().TrimEnd('\n'));
        return Task.CompletedTask;
    }

    /// <summary>The configuration that a command on this machine means.</summary>
    public static LoadedConfig Read(Invocation invocation) => LoadedConfig.Read(Place(invocation));

    /// <summary>The file named, else the one that the folder's server was started with.</summary>
    private static ConfigPlace Place(Invocation invocation)
    {
        var place = ConfigPlace.Find(invocation.Get(File), invocation.Folder);
        return !place.Required && invocation.Folder.ReadServer()?.Config is { } running && running != place.File ? ConfigPlace.Find(running, invocation.Folder) : place;
    }

    private static JsonNode Json(ConfigFault finding) => new JsonObject
    {
        ["severity"] = finding.IsWarning ? "warning" : "fault", ["key"] = finding.Key, ["source"] = finding.Source.Name,
        ["line"] = finding.Source.Line > 0 ? finding.Source.Line : null, ["column"] = finding.Source.Column > 0 ? finding.Source.Column : null, ["text"] = finding.Text, ["fix"] = finding.Fix,
    };

    /// <summary>What the server says where one answers soon.</summary>
    private static async Task<T?> AskAsync<T>(Invocation invocation, Func<ParleyClient, Task<T>> ask, CancellationToken cancellation) where T : class
    {
        try
        {
            return await ask(await invocation.ConnectAsync(cancellation).ConfigureAwait(false)).WaitAsync(Patience, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ParleyException or TimeoutException)
        {
            return null;
        }
    }
}
