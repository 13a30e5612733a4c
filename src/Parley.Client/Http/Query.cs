using System.Globalization;
using System.Text;

namespace Parley.Client.Http;

/// <summary>Builds a path with the query parameters that have a value.</summary>
internal readonly struct Query(string path)
{
    private readonly StringBuilder text = new(path);
    private readonly int start = path.Length;

    public Query With(string name, string? value)
    {
        if (value is not null)
        {
            text.Append(text.Length == start ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public Query With(string name, long? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public Query With(string name, DateTimeOffset? value) => With(name, value?.ToString("O", CultureInfo.InvariantCulture));

    public override string ToString() => text.ToString();

    /// <summary>A name or id as one segment of a path.</summary>
    public static string Segment(string value) => Uri.EscapeDataString(value);
}
