using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Shell;

/// <summary>Where a command prints: tables and colour on a terminal, tab-separated lines elsewhere, JSON where asked.</summary>
internal sealed class Screen(TextWriter output, TextWriter error, bool json)
{
    /// <summary>The wire's JSON with readable letters of every script.</summary>
    public static readonly WireJson Wire = new(new JsonSerializerOptions(WireJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private bool midLine;

    /// <summary>True where the caller asked for JSON.</summary>
    public bool IsJson => json;

    /// <summary>True where a person looks at it.</summary>
    public bool IsTerminal { get; } = output == Console.Out && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>True where a person looks at what is printed beside the result.</summary>
    public bool ShowsProgress { get; } = error == Console.Error && !Console.IsErrorRedirected;

    public static bool Colour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public void Line(string text = "") => output.WriteLine(text);

    /// <summary>A sentence of this program, with the commands in it as the user types them.</summary>
    public void Say(string sentence) => output.WriteLine(CommandName.In(sentence));

    /// <summary>Said to the person, not part of the result.</summary>
    public void Note(string text) => error.WriteLine(CommandName.In(text));

    /// <summary>On a terminal the time of the clock on the wall; elsewhere exact, in UTC.</summary>
    public string Time(DateTimeOffset time) => IsTerminal ? Format.Local(time) : Format.Time(time);

    public string? Time(DateTimeOffset? time) => time is { } value ? Time(value) : null;

    public void Flush() => output.Flush();

    /// <summary>A piece of a text that goes on; shown at once.</summary>
    public void Piece(string text)
    {
        output.Write(SafeText.Lines(text));
        output.Flush();
        midLine = !text.EndsWith('\n');
    }

    /// <summary>Ends the line in which the last piece stands.</summary>
    public void EndPieces()
    {
        if (midLine)
        {
            output.WriteLine();
        }

        midLine = false;
    }

    public void Json<T>(T value, JsonTypeInfo<T> type) => output.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>A thing as JSON that more is added to.</summary>
    public static JsonObject Object<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(value, type)!.AsObject();

    public void Json(JsonObject value) => output.WriteLine(value.ToJsonString(Wire.Options));

    /// <summary>That something is done: a sentence, or its facts as a JSON object.</summary>
    public void Done(string sentence, params (string Name, string? Value)[] facts)
    {
        if (!json)
        {
            Say(sentence);
            return;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in facts)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>One thing with its values, a line each.</summary>
    public void Facts(params (string Name, string? Value)[] facts)
    {
        var width = facts.Max(fact => fact.Name.Length) + 2;
        foreach (var (name, value) in facts.Where(fact => fact.Value is not null))
        {
            output.WriteLine(IsTerminal ? $"{(name + ":").PadRight(width)}{SafeText.Line(value)}" : $"{name}\t{SafeText.Line(value)}");
        }
    }

    /// <summary>A list: a table with a heading on a terminal, lines with tabs elsewhere.</summary>
    public void Table<T>(IReadOnlyList<T> items, string whenEmpty, params (string Heading, Func<T, string?> Value)[] columns)
    {
        if (items.Count == 0)
        {
            Note(whenEmpty);
        }
        else if (IsTerminal)
        {
            TerminalTable.Write(output, [.. columns.Select(column => column.Heading)], items.Select(item => columns.Select(column => SafeText.Line(column.Value(item))).ToArray()));
        }
        else
        {
            foreach (var item in items)
            {
                output.WriteLine(string.Join('\t', columns.Select(column => SafeText.Line(column.Value(item)))));
            }
        }
    }

    public int Error(ParleyException refusal)
    {
        var wait = refusal.RetryAfter is { } after ? $" (try again in {Format.Duration(after)})" : "";
        return Error(refusal.Message.TrimEnd('.') + wait + ".", refusal.Fix, ExitCode.Of(refusal));
    }

    public int Error(string sentence, string fix, int code)
    {
        var red = ShowsProgress && Colour;
        error.WriteLine($"{(red ? "\e[31merror:\e[0m" : "error:")} {SafeText.Line(CommandName.In(sentence))}");
        if (fix.Length > 0)
        {
            error.WriteLine($"fix: {SafeText.Line(CommandName.In(fix))}");
        }

        return code;
    }
}
