using System.Text.Json;
using Parley.Cli.Shell;

namespace Parley.Cli.Connect;

/// <summary>What is about to happen to a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Now">What it holds; null where it is not there.</param>
/// <param name="Then">What it will hold; null where it goes.</param>
/// <param name="Before">What it held before anything was connected; null where it was not there.</param>
internal sealed record FilePlan(string Path, string? Now, string? Then, string? Before)
{
    public bool IsChange => Now != Then;

    /// <summary>In a word.</summary>
    public string Word => !IsChange ? "unchanged" : Now is null ? "created" : Then is null ? "deleted" : "changed";
}

/// <summary>Works out the texts of all files first, so that either all can be written or none is touched.</summary>
internal static class ConnectPlan
{
    public static IReadOnlyList<FilePlan> Add(IEnumerable<Change> changes, Receipt receipt) => Checked(
    [
        .. changes.GroupBy(change => change.File).Select(file =>
        {
            var now = FileText.Read(file.Key);
            var then = file.Aggregate(now, (text, change) => Guard(file.Key, () => change.Apply(text)));
            return new FilePlan(file.Key, now, then, Before(now, [.. file], receipt.Find(file.Key)));
        }),
    ]);

    public static IReadOnlyList<FilePlan> Remove(IEnumerable<Change> changes, Receipt receipt) => Checked(
    [
        .. changes.GroupBy(change => change.File).Select(file =>
        {
            var now = FileText.Read(file.Key);
            var before = Before(now, [.. file], receipt.Find(file.Key));
            return new FilePlan(file.Key, now, before, before);
        }),
    ]);

    private static IReadOnlyList<FilePlan> Checked(IReadOnlyList<FilePlan> plan)
    {
        foreach (var file in plan.Where(file => file.IsChange))
        {
            FileText.Check(file.Path);
        }

        return plan;
    }

    /// <summary>The file without what is ours: exactly as it was where nobody has touched it since.</summary>
    private static string? Before(string? now, IReadOnlyList<Change> changes, ReceiptFile? receipt)
    {
        if (now is null || (receipt is not null && Receipt.Hash(now) == receipt.After))
        {
            return receipt is null || now is null ? now : receipt.Before;
        }

        var left = now;
        foreach (var change in changes)
        {
            left = left is null ? null : Guard(change.File, () => change.Revert(left, receipt?.Before));
        }

        var isBlank = receipt is { Before: null } && left is not null && changes.OfType<JsonChange>().Any(change => Same(left, change.Blank));
        return isBlank || (receipt is { Before: null } && string.IsNullOrWhiteSpace(left)) ? null : left;
    }

    private static bool Same(string left, string right) => string.Concat(left.Where(letter => !char.IsWhiteSpace(letter))) == string.Concat(right.Where(letter => !char.IsWhiteSpace(letter)));

    private static string? Guard(string file, Func<string?> change)
    {
        try
        {
            return change();
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            throw Refusal.Conflict($"{file} cannot be changed: {fault.Message}", "Nothing was written. Mend or rename what stands there, or add the entry by hand: docs/connect.");
        }
    }
}
