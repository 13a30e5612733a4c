using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;

namespace Parley.Cli.Shell;

/// <summary>
/// Every command by name. Only the one that is called is built, which keeps the start short; help, completion and typing errors build them all.
/// </summary>
internal static class CommandTable
{
    private static readonly ParserConfiguration NoFiles = new() { ResponseFileTokenReplacer = null };

    private static readonly (string Name, Func<Command> Build)[] Commands =
    [
        ("up", () => ServeCommand.Build("up")), ("serve", () => ServeCommand.Build("serve")), ("console", ConsoleCommand.Build),
        ("agent", AgentCommand.Build), ("models", ModelsCommand.Build), ("key", KeyCommand.Build), ("roots", RootsCommand.Build), ("budget", BudgetCommand.Build), ("spend", SpendCommand.Build), ("link", LinkCommand.Build), ("send", SendCommand.Build),
        ("inbox", InboxCommand.Build), ("ack", InboxCommand.BuildAck), ("reject", InboxCommand.BuildReject), ("watch", WatchCommand.Build), ("mcp", McpCommand.Build),
        ("connect", ConnectCommand.Build), ("hook", HookCommand.Build), ("run", RunCommand.Build),
        ("status", StatusCommand.Build), ("history", HistoryCommand.Build), ("search", HistoryCommand.BuildSearch),
        ("spawn", SpawnCommand.Build), ("session", SessionCommand.Build), ("meeting", MeetingCommand.Build), ("schedule", ScheduleCommand.Build), ("webhook", WebhookCommand.Build), ("channel", ChannelCommand.Build), ("project", ProjectCommand.Build), ("lease", LeaseCommand.Build),
        ("hold", HoldCommand.Build), ("permission", PermissionCommand.Build), ("attention", AttentionCommand.Build), ("obligations", AttentionCommand.BuildObligations), ("dead", DeadCommand.Build),
        ("token", TokenCommand.Build), ("user", UserCommand.Build), ("feature", FeatureCommand.Build),
        ("halt", HaltCommand.Build), ("resume", HaltCommand.BuildResume), ("halts", HaltCommand.BuildList), ("nodes", NodesCommand.Build), ("audit", AuditCommand.Build),
        ("export", BackupCommand.BuildExport), ("backup", BackupCommand.Build), ("restore", BackupCommand.BuildRestore),
        ("config", ConfigCommand.Build), ("doctor", DoctorCommand.Build), ("health", HealthCommand.Build), ("completion", CompletionCommand.Build), ("complete", CompletionCommand.BuildHidden), ("version", VersionCommand.Build),
    ];

    /// <summary>A text that begins with '@' is a text, not the name of a file with arguments.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args, bool all = false) =>
        Build(all ? [] : args).Parse(args, NoFiles);

    /// <summary>What may stand at the end of an unfinished line.</summary>
    public static IEnumerable<CompletionItem> Complete(string line) => Build([]).Parse(line, NoFiles).GetCompletions(line.Length);

    private static RootCommand Build(IReadOnlyList<string> args)
    {
        var root = new RootCommand("Parley: agents exchange durable messages; people set the limits, watch, and stop them.");
        foreach (var option in GlobalOptions.All)
        {
            root.Add(option);
        }

        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: System.CommandLine.Help.HelpAction standard })
            {
                option.Action = new HelpAction(standard);
            }
        }

        var called = Commands.Where(command => args.Count > 0 && command.Name == args[0]).ToArray();
        foreach (var (_, build) in called.Length > 0 ? called : Commands)
        {
            root.Add(build());
        }

        return root;
    }
}
