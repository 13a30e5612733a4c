using System.Diagnostics;
using System.Text.Json.Nodes;
using Parley.Cli.Connect.Programs;

namespace Parley.Cli.Connect;

/// <summary>Runs a hook's command as the program does at the end of a turn.</summary>
internal static class HookProbe
{
    /// <summary>What the command says, in whichever way; null where none is configured.</summary>
    public static async Task<string?> RunAsync(KnownProgram program, IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        if (changes.OfType<JsonChange>().LastOrDefault(change => change.IsElement) is not { } hook || FileText.Read(hook.File) is not { Length: > 0 } text
            || JsonEdit.Find(text, hook.Path) is not JsonArray there || there.FirstOrDefault(hook.IsOurs) is not JsonObject element)
        {
            return null;
        }

        var line = (element["hooks"]?[0]?["command"] ?? element["command"])!.GetValue<string>();
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "cmd" : "/bin/sh", [OperatingSystem.IsWindows() ? "/c" : "-c", line])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (program.Name == ClaudeCode.Name)
        {
            // As in a conversation that does not wait for more.
            start.Environment["CLAUDE_CODE_ENTRYPOINT"] = "sdk-cli";
        }

        using var process = Process.Start(start)!;
        var input = new JsonObject { ["hook_event_name"] = hook.Path[^1], ["session_id"] = $"check-{Guid.NewGuid()}" };
        await process.StandardInput.WriteAsync(input.ToJsonString().AsMemory(), cancellation).ConfigureAwait(false);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return await output.ConfigureAwait(false) + await errors.ConfigureAwait(false);
    }
}
