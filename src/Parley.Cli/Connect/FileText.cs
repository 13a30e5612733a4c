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
            var file = Real(path);
            return File.Exists(file) ? Strict.GetString(File.ReadAllBytes(file)) : null;
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

    /// <summary>Refuses what must not be written, before anything is.</summary>
    public static void Check(string path)
    {
        var file = Real(path);
        if (Directory.Exists(file) || Missing(file).Any(File.Exists))
        {
            throw Refusal.Conflict($"{path} cannot be a file: there is a folder, or a file where its folder has to be.", "Nothing was written. Rename what is there.");
        }

        if (File.Exists(file) && new FileInfo(file).IsReadOnly)
        {
            throw Refusal.Conflict($"{path} is read-only.", $"Nothing was written. Allow it: chmod u+w {file}");
        }
    }

    /// <summary>Deletes the file; a link to it stays.</summary>
    public static void Delete(string path) => File.Delete(Real(path));

    public static void Write(string path, string text)
    {
        var target = Real(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var beside = $"{target}.parley-{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DataFolder.SecretMode;
        }

        try
        {
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
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>A linked file is read and changed where it really is, also where the link leads to nothing yet.</summary>
    private static string Real(string path) => new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
}
