using System.Text;
using Parley.Cli.Shell;

namespace Parley.Cli.Connect;

/// <summary>Reads and writes files of other programs: whole or not at all, through links, with the rights that they have.</summary>
internal static class FileText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text with its byte order mark, if it has one; null where there is no file.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? Strict.GetString(File.ReadAllBytes(path)) : null;
        }
        catch (DecoderFallbackException)
        {
            throw Refusal.Wrong($"{path} is not UTF-8.", "Convert it, for example with iconv -t UTF-8.");
        }
    }

    /// <summary>The folders that would have to be made for a file, the deepest first.</summary>
    public static IEnumerable<string> Missing(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is { Length: > 0 } && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    public static void Write(string path, string text)
    {
        // A linked file is changed where it really is.
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var beside = $"{target}.parley-{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DataFolder.SecretMode;
        }

        using (var stream = new FileStream(beside, options))
        {
            stream.Write(Strict.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
        }

        File.Move(beside, target, overwrite: true);
    }
}
