using System.Text;

namespace Parley.Tests.Cli.Connect;

/// <summary>Settings as people write them: comments, commas at the end, any layout.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Names = ["mcpServers", "hooks", "Stop", "theme", "a b", "é", "\\\"quoted\\\"", "x"];
    private static readonly string[] Scalars = ["1", "-2.5e3", "true", "null", "\"\"", "\"}, ] // no comment\"", "\"\\u00e9 \\\\\"", "\"\uD83D\uDE00\""];
    private readonly Random random = new(seed);
    private readonly StringBuilder text = new();
    private readonly string newLine = seed % 3 == 0 ? "\r\n" : "\n";

    public static string Of(int seed)
    {
        var json = new RandomJson(seed);
        json.text.Append(seed % 7 == 0 ? "\uFEFF" : "");
        json.Gap();
        json.Object(0);
        json.Gap();
        return json.text.ToString();
    }

    private void Value(string name, int depth)
    {
        switch (name)
        {
            case "mcpServers" or "hooks":
                Object(depth);
                break;
            case "Stop":
                Array(depth);
                break;
            default:
                var kind = random.Next(depth > 3 ? 1 : 4);
                (kind switch { 2 => () => Object(depth), 3 => () => Array(depth), _ => (Action)(() => text.Append(Scalars[random.Next(Scalars.Length)])) })();
                break;
        }
    }

    private void Object(int depth) => Block('{', '}', depth, () =>
    {
        foreach (var name in Names.OrderBy(_ => random.Next()).Take(random.Next(5)))
        {
            yieldOne(name);
        }

        void yieldOne(string name) => Part(() =>
        {
            // No comment before the colon: the reader refuses such a text as a whole.
            text.Append('"').Append(name).Append('"').Append(random.Next(5) == 0 ? " " : "").Append(':');
            Gap();
            Value(name, depth + 1);
        });
    });

    private void Array(int depth) => Block('[', ']', depth, () =>
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            Part(() => Value("", depth + 1));
        }
    });

    private bool first = true;

    private void Part(Action write)
    {
        if (!first)
        {
            text.Append(',');
        }

        Gap();
        write();
        Gap();
        first = false;
    }

    private void Block(char open, char close, int depth, Action parts)
    {
        var outer = first;
        first = true;
        text.Append(open);
        parts();
        text.Append(!first && random.Next(4) == 0 ? "," : "");
        Gap();
        text.Append(close);
        first = outer;
    }

    private void Gap()
    {
        for (var i = random.Next(3); i > 0; i--)
        {
            text.Append(random.Next(8) switch
            {
                0 => " // a comment, with } and \"" + newLine,
                1 => "/* another ] */",
                2 => $"/* over{newLine} two lines */",
                3 or 4 => newLine + new string(' ', random.Next(5)),
                5 => "\t",
                _ => " ",
            });
        }
    }
}
