using System.Text.Json;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Commands;

/// <summary>Any program, in one of three forms: text, one JSON object, or JSON lines.</summary>
internal static class CustomProgram
{
    public const string Name = "custom";

    /// <summary>The forms that a person can name; the first is the usual one.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["text", "json", "jsonl"];

    public static IReadOnlyList<CommandProfile> Profiles { get; } =
    [
        new(NameOf("text"), [], OutputForm.Text, Build, static (_, _) => { }),
        new(NameOf("json"), [], OutputForm.Json, Build, Result) { TakesJson = true },
        new(NameOf("jsonl"), [], OutputForm.Lines, Build, Line) { TakesJson = true },
    ];

    public static string NameOf(string? format) => $"{Name}.{format ?? Formats[0]}";

    private static CommandLine Build(CommandCall call) => new([]);

    private static void Line(JsonElement line, ProgramReport report)
    {
        switch (line.Word("type"))
        {
            case "text":
                report.Say(line.Word("text") ?? "");
                break;
            case "tool":
                report.Call(line.Word("id") ?? "", line.Word("name"), line.Word("state"));
                break;
            case "result":
                Result(line, report);
                break;
            case "error":
                report.Failure = line.Word("message") ?? "it does not say why";
                break;
            default:
                break;
        }
    }

    private static void Result(JsonElement whole, ProgramReport report)
    {
        report.Session = whole.Word("session") ?? report.Session;
        report.Dollars = whole.Money("cost") ?? report.Dollars;
        if (whole.At("usage") is { } usage)
        {
            report.Usage = new Usage(usage.Count("input"), usage.Count("cached_input"), usage.Count("output"));
        }

        if (whole.Word("error") is { } failure)
        {
            report.Failure = failure;
            return;
        }

        report.Ended = true;
        if (whole.Word("text") is { } text)
        {
            report.Answer(text);
        }
    }
}
