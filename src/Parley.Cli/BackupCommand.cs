using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Core;

namespace Parley.Cli;

/// <summary><c>parley export</c>, <c>parley backup</c>, <c>parley restore</c></summary>
internal static class BackupCommand
{
    private static readonly Argument<string?> ExportFile = new("file") { Description = "Where to write; nothing or '-' is standard output.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> NewFile = new("file") { Description = "Where to write; must not exist." };
    private static readonly Argument<FileInfo> OldFile = new Argument<FileInfo>("file") { Description = "A backup." }.AcceptExistingOnly();
    private static readonly Option<bool> Yes = new("--yes") { Description = "Replace the whole store without asking." };

    public static Command BuildExport() =>
        new ParleyCommand("export", "Write the messages as JSON Lines.", "parley export messages.jsonl", "parley export | jq -r .content") { ExportFile }.Does(ExportAsync);

    public static Command Build() =>
        new ParleyCommand("backup", "Write a backup of the whole store while it runs.", "parley backup parley.backup") { NewFile }.Does(BackUpAsync);

    public static Command BuildRestore() =>
        new ParleyCommand("restore", "Replace the whole store by a backup while it runs.", "parley restore parley.backup --yes") { OldFile, Yes }.Does(RestoreAsync);

    private static async Task ExportAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        if (invocation.Get(ExportFile) is null or "-")
        {
            await using var output = Console.OpenStandardOutput();
            await client.Server.ExportAsync(output, null, cancellation).ConfigureAwait(false);
            return;
        }

        var size = await WriteAsync(invocation, invocation.Get(ExportFile)!, "Exporting", client.Server.ExportAsync, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Wrote {invocation.Get(ExportFile)} ({ByteSize.Text(size)}).", ("file", invocation.Get(ExportFile)), ("bytes", Format.Number(size)));
    }

    private static async Task BackUpAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var file = invocation.Get(NewFile)!;
        var size = await WriteAsync(invocation, file, "Backing up", client.Server.BackUpAsync, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Wrote {file} ({ByteSize.Text(size)}). Bring it back with: parley restore {file} --yes", ("file", file), ("bytes", Format.Number(size)));
    }

    private static async Task RestoreAsync(Invocation invocation, CancellationToken cancellation)
    {
        var file = invocation.Get(OldFile)!;
        if (!invocation.Get(Yes) && !Confirmed(invocation.Screen))
        {
            throw Refusal.Wrong("Restoring replaces every message, agent, link and token.", $"Repeat it with --yes: parley restore {file} --yes", "yes");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var progress = new ByteProgress(invocation.Screen, "Restoring", file.Length);
        await using (var backup = new CountingStream(file.OpenRead(), progress))
        {
            await client.Server.RestoreAsync(backup, cancellation).ConfigureAwait(false);
        }

        progress.End();
        invocation.Screen.Done($"Restored {file}. Cursors of before do not count any more.", ("restored", file.ToString()));
    }

    /// <summary>Under the final name there is only ever a whole file.</summary>
    private static async Task<long> WriteAsync(
        Invocation invocation, string file, string doing, Func<Stream, IProgress<long>, CancellationToken, Task> download, CancellationToken cancellation)
    {
        if (File.Exists(file))
        {
            throw Refusal.Conflict($"The file {file} exists.", "Choose another name, or remove it.");
        }

        var beside = $"{file}.part";
        var progress = new ByteProgress(invocation.Screen, doing, null);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DataFolder.SecretMode;
        }

        try
        {
            await using (var target = new FileStream(beside, options))
            {
                await download(target, progress, cancellation).ConfigureAwait(false);
                target.Flush(flushToDisk: true);
            }

            File.Move(beside, file);
        }
        finally
        {
            File.Delete(beside);
        }

        progress.End();
        return new FileInfo(file).Length;
    }

    private static bool Confirmed(Screen screen)
    {
        if (!screen.IsTerminal || Console.IsInputRedirected)
        {
            return false;
        }

        screen.Line("This replaces every message, agent, link and token of the server. Type 'yes' to go on:");
        return Console.ReadLine() == "yes";
    }
}
