using System.Text;
using Parley.Core.Turns;

namespace Parley.Runtimes.Programs;

/// <summary>What a program tells of its run, as it tells it.</summary>
internal sealed class ProgramReport(Action<string> onText, Action<string> onTool)
{
    private const int MostCalls = 200;
    private const int LongestName = 300;
    private readonly StringBuilder _text = new();
    private readonly List<(string Id, OwnCall Call)> _calls = [];

    /// <summary>The answer as far as it came.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether it said that the answer is whole.</summary>
    public bool Ended { get; set; }

    /// <summary>Its own session, to go on in.</summary>
    public string? Session { get; set; }

    /// <summary>The tokens, where it counts them.</summary>
    public Usage? Usage { get; set; }

    /// <summary>US dollars, where it says.</summary>
    public decimal? Dollars { get; set; }

    /// <summary>Why it failed, in its words; null where it did not.</summary>
    public string? Failure { get; set; }

    public FinishReason Finish { get; set; } = FinishReason.Stop;

    public List<string> Warnings { get; } = [];

    /// <summary>Adds a piece of the answer.</summary>
    public void Say(string piece)
    {
        _text.Append(piece);
        if (piece.Length > 0)
        {
            onText(piece);
        }
    }

    /// <summary>What comes next is the answer, and not what was said before.</summary>
    public void Restart() => _text.Clear();

    /// <summary>The whole answer, where the program says it once more at its end.</summary>
    public void Answer(string whole)
    {
        Restart();
        Say(whole);
    }

    /// <summary>Notes a tool that the program calls, or what became of it.</summary>
    public void Call(string id, string? name, string? state)
    {
        var at = _calls.FindIndex(known => known.Id == id && id.Length > 0);
        if (at >= 0)
        {
            var known = _calls[at].Call;
            _calls[at] = (id, new OwnCall(Short(name) ?? known.Name, state ?? known.State));
        }
        else if (Short(name) is { } begun && _calls.Count < MostCalls)
        {
            _calls.Add((id, new OwnCall(begun, state ?? "")));
            onTool(begun);
        }
    }

    public RuntimeAnswer Whole(string? resume)
    {
        IReadOnlyList<string> warnings = Usage is null && Dollars is null
            ? [.. Warnings, "The program reports no tokens and no cost: of this run nothing is counted."]
            : Usage is null ? [.. Warnings, "The program reports no tokens: none are counted of this run."] : Warnings;
        return new RuntimeAnswer(Text.Trim(), [], Usage ?? default, Finish)
        {
            Cost = Dollars is { } dollars ? (long)Math.Ceiling(Math.Clamp(dollars, 0, 1_000_000) * 1_000_000) : null,
            Resume = resume, OwnCalls = [.. _calls.Select(known => known.Call)], Warnings = warnings,
        };
    }

    private static string? Short(string? name)
    {
        var line = name is null ? "" : string.Concat(name.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return line.Length == 0 ? null : line.Length <= LongestName ? line : line[..LongestName] + "…";
    }
}
