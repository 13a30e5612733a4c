using Parley.Cli.Shell;

namespace Parley.Cli.Connect;

/// <summary>Writes what was planned, and keeps in the data folder how to take it back.</summary>
internal static class ConnectWriter
{
    public static void Add(IReadOnlyList<FilePlan> plan, Receipt known, string receipt, DataFolder folder)
    {
        var files = known.Files.Where(file => plan.All(one => one.Path != file.Path)).ToList();
        foreach (var file in plan)
        {
            var there = known.Find(file.Path);
            if (file is not { IsChange: true, Then: { } text })
            {
                files.AddRange(there is null ? [] : [there]);
                continue;
            }

            // The receipt is there before the change, so that whatever happens can be taken back.
            var made = FileText.Missing(file.Path).Concat(there?.Folders ?? []).Distinct();
            files.Add(new ReceiptFile(file.Path, file.Before, Receipt.Hash(text), [.. made]));
            (known with { Files = files }).Write(folder, receipt);
            FileText.Write(file.Path, text);
        }

        (known with { Files = files }).Write(folder, receipt);
    }

    public static void Remove(IReadOnlyList<FilePlan> plan, Receipt known, string receipt)
    {
        foreach (var file in plan.Where(file => file.IsChange))
        {
            if (file.Then is { } text)
            {
                FileText.Write(file.Path, text);
            }
            else
            {
                FileText.Delete(file.Path);
            }
        }

        foreach (var made in known.Files.SelectMany(file => file.Folders).Distinct().OrderByDescending(path => path.Length))
        {
            if (Directory.Exists(made) && !Directory.EnumerateFileSystemEntries(made).Any())
            {
                Directory.Delete(made);
            }
        }

        File.Delete(receipt);
    }
}
