using System.CommandLine;
using System.Globalization;

namespace Parley.Cli.Shell;

/// <summary>A limit as a person types it.</summary>
/// <param name="Most">The number; null for <c>none</c>.</param>
internal readonly record struct Bound(decimal? Most)
{
    public static Option<Bound?> Option(string name, string description, string help, bool whole) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, whole, out var bound))
            {
                return bound;
            }

            result.AddError($"'{text}' is no limit for {name}: write a number such as {(whole ? "200000" : "1.50")}, or none.");
            return null;
        },
    };

    public static bool TryParse(string text, bool whole, out Bound bound)
    {
        bound = default;
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var style = whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        var valid = decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue;
        bound = valid ? new Bound(number) : default;
        return valid;
    }
}
