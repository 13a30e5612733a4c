using System.Globalization;

namespace Parley.Bench.Report;

/// <summary>Results as one Markdown table that also reads well on a terminal. The first system is what the others are compared with.</summary>
static class Table
{
    public static string Of(IReadOnlyList<Result> results)
    {
        if (results.Count == 0)
            return "";
        var baseline = results[0].System;
        string[] header =
        [
            "work", "system", "rate/s", $"x {baseline}", "p50 ms", "p99 ms",
            "server CPU s", "generator CPU s", "other CPU s", "server CPU us each", "server peak MB",
        ];
        return Of(2, header, results.Select(result => Row(result, BaselineRate(results, result.Work, baseline))));
    }

    /// <summary>Any table; the first columns are words, the others numbers.</summary>
    public static string Of(int words, string[] header, IEnumerable<string[]> body)
    {
        List<string[]> rows = [header, .. body];
        var widths = header.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();

        var lines = rows.Select(row => Line(row.Select((cell, column) => column < words ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))).ToList();
        lines.Insert(1, Line(widths.Select((width, column) => column < words ? new string('-', width) : new string('-', width - 1) + ":")));
        return string.Join('\n', lines);
    }

    static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    static double? BaselineRate(IReadOnlyList<Result> results, string work, string baseline) =>
        results.FirstOrDefault(result => result.Work == work && result.System == baseline)?.Rate;

    static string[] Row(Result result, double? baselineRate) =>
    [
        result.Work,
        result.System,
        Text("N0", result.Rate),
        baselineRate is { } rate ? Text("F2", result.Rate / rate) : "-",
        Text("F3", result.P50Milliseconds),
        Text("F3", result.P99Milliseconds),
        Text("F1", result.ServerCpuSeconds),
        Text("F1", result.GeneratorCpuSeconds),
        Text("F1", result.OtherCpuSeconds),
        Text("F1", result.ServerCpuMicrosecondsEach),
        Text("F0", result.ServerPeakMegabytes),
    ];

    /// <summary>A number as every table writes it.</summary>
    public static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
