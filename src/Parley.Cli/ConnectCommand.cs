using System.CommandLine;
using System.Text.Json.Nodes;
using Parley.Cli.Connect;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley connect</c>: writes the configuration of other programs, and takes it back.</summary>
internal static class ConnectCommand
{
    private static readonly Argument<string> Program = new("program") { Description = string.Join(", ", KnownProgram.All.Select(program => program.Name)) + "." };
    private static readonly Option<string> Scope = new("--scope") { Description = "user: for all of your projects; project: in the files of the folder you are in.", DefaultValueFactory = _ => "user" };
    private static readonly Option<bool> Create = new("--create") { Description = "Add the agent where it is missing, without asking." };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Write without asking." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show what would be written, and write nothing." };
    private static readonly Option<bool> Remove = new("--remove") { Description = "Take everything back that was written." };
    private static readonly Option<bool> Check = new("--check") { Description = "Prove the way: start what the program is configured to start, and send a message through it." };

    static ConnectCommand()
    {
        Program.AcceptOnlyFromAmong([.. KnownProgram.All.Select(program => program.Name)]);
        Scope.AcceptOnlyFromAmong("user", "project");
    }

    public static Command Build() =>
        new ParleyCommand(
            "connect", "Give a program Parley's tools and wake it when messages come: writes its own configuration, after showing it.",
            "parley connect claude-code --as tesla", "parley connect codex --as aaron --create --yes", "parley connect cursor --as ada --scope project --dry-run",
            "parley connect claude-code --as tesla --check", "parley connect claude-code --as tesla --remove")
        {
            Program, Scope, Create, Yes, DryRun, Remove, Check,
        }.Does(RunAsync);

    /// <summary>The files of this person, or of the folder that the command runs in.</summary>
    public static Place PlaceOf(bool isProject) => new(
        Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        Environment.CurrentDirectory, isProject, Environment.GetEnvironmentVariable);

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var program = KnownProgram.All.First(known => known.Name == invocation.Get(Program));
        var place = PlaceOf(invocation.Get(Scope) == "project");
        if (place.IsProject && !program.HasProject)
        {
            throw Refusal.Wrong($"{program.Title} has no files of a project.", "Leave --scope out.", "scope");
        }

        var receipt = Receipt.PathOf(invocation.Folder, program, place);
        var agent = invocation.Agent ?? (invocation.Get(Remove) ? Receipt.Read(receipt).Agent : null)
            ?? throw Refusal.Wrong("This command needs an agent.", "Name it with --as AGENT; with --create it is added where it is missing.");
        var wiring = new Wiring(Wiring.Call(Environment.GetEnvironmentVariable("PARLEY_COMMAND"), Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "parley.dll")), agent, Options(invocation));
        var changes = program.Changes(place, wiring).ToList();
        if (invocation.Get(Check))
        {
            return await ConnectCheck.RunAsync(invocation, program, changes, cancellation).ConfigureAwait(false);
        }

        var known = Receipt.Read(receipt);
        var plan = invocation.Get(Remove) ? ConnectPlan.Remove(changes, known) : ConnectPlan.Add(changes, known);
        var notes = invocation.Get(Remove) ? [] : program.Notes(wiring);
        var ask = !invocation.Get(Yes) && !invocation.Get(DryRun);
        Show(invocation, plan, isShort: !ask && !invocation.Get(DryRun));
        var writes = !invocation.Get(DryRun) && (!ask || plan.All(file => !file.IsChange) || Confirms(invocation, "Write this?"));
        if (writes)
        {
            if (invocation.Get(Remove))
            {
                ConnectWriter.Remove(plan, known, receipt);
            }
            else
            {
                await EnsureAgentAsync(invocation, agent, cancellation).ConfigureAwait(false);
                ConnectWriter.Add(plan, known with { Agent = agent }, receipt, invocation.Folder);
            }
        }

        Tell(invocation, program, place, plan, notes, writes);
        return writes || invocation.Get(DryRun) ? ExitCode.Ok : ExitCode.Failure;
    }

    /// <summary>What the program has to say too, where this command was told it, by an option or by an environment that the program may not have.</summary>
    private static List<string> Options(Invocation invocation)
    {
        var options = new List<string>();
        if (invocation.Folder.Path != DataFolder.Usual)
        {
            options.AddRange(["--data", invocation.Folder.Path]);
        }

        if (invocation.NamesServer)
        {
            options.AddRange(["--url", invocation.Credentials.Server.AbsoluteUri.TrimEnd('/')]);
        }

        return options;
    }

    private static void Show(Invocation invocation, IReadOnlyList<FilePlan> plan, bool isShort)
    {
        if (invocation.Screen.IsJson)
        {
            return;
        }

        foreach (var file in plan)
        {
            invocation.Screen.Line($"{file.Path} ({(file.IsChange ? file.Word : "unchanged")})");
            foreach (var line in isShort ? [] : LineDiff.Of(file.Now, file.Then))
            {
                invocation.Screen.Line($"  {SafeText.Lines(line)}");
            }
        }
    }

    private static bool Confirms(Invocation invocation, string question)
    {
        if (Console.IsInputRedirected || invocation.Screen.IsJson)
        {
            throw Refusal.Wrong("Nothing was written: there is nobody to ask.", "Add --yes, or --dry-run to look only.");
        }

        Console.Error.Write($"{question} [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static async Task EnsureAgentAsync(Invocation invocation, string agent, CancellationToken cancellation)
    {
        try
        {
            var me = await (await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false)).Tokens.WhoAmIAsync(cancellation).ConfigureAwait(false);
            if (me.Name == agent)
            {
                return;
            }
        }
        catch (ParleyException refusal) when (refusal.Code is "not_found" or "unknown_recipient" or "unauthenticated")
        {
            if (!invocation.Get(Create) && !Confirms(invocation, $"There is no agent {agent}. Add it?"))
            {
                throw Refusal.NotFound($"There is no agent '{agent}'; nothing was written.", $"Add it with 'parley agent add {agent}', or repeat this with --create.");
            }
        }

        var client = invocation.ConnectAsPerson();
        var added = await client.Agents.AddAsync(new AddAgentRequest(agent), cancellation).ConfigureAwait(false);
        await invocation.Credentials.IssueAsync(client, added.Name, cancellation).ConfigureAwait(false);
    }

    private static void Tell(Invocation invocation, KnownProgram program, Place place, IReadOnlyList<FilePlan> plan, IReadOnlyList<string> notes, bool written)
    {
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(new JsonObject
            {
                ["program"] = program.Name, ["scope"] = place.IsProject ? "project" : "user", ["written"] = written,
                ["files"] = new JsonArray([.. plan.Select(file => (JsonNode)new JsonObject { ["path"] = file.Path, ["change"] = file.Word, ["diff"] = string.Join('\n', LineDiff.Of(file.Now, file.Then)) })]),
                ["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)CommandName.In(note))]),
            });
            return;
        }

        if (!written)
        {
            invocation.Screen.Line("Nothing was written.");
            return;
        }

        invocation.Screen.Line(invocation.Get(Remove) ? $"{program.Title} is as it was before." : $"{program.Title} is connected as {invocation.Agent}.");
        foreach (var note in notes)
        {
            invocation.Screen.Line($"- {note}");
        }

        if (!invocation.Get(Remove))
        {
            invocation.Screen.Say($"Prove it: parley connect {program.Name} --as {invocation.Agent} --check{(place.IsProject ? " --scope project" : "")}");
        }
    }
}
