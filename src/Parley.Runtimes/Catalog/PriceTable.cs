using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Parley.Core;
using Parley.Core.Turns;

namespace Parley.Runtimes.Catalog;

/// <summary>What models cost: the table that comes with Parley, and before it the one in the data folder.</summary>
internal sealed partial class PriceTable(string folder)
{
    private const decimal Millionths = 1_000_000;
    private static readonly JsonSerializerOptions s_form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    private static readonly Lazy<IReadOnlyList<Entry>> s_own = new(() => Parse(Own()));
    private readonly string _file = Path.Combine(folder, "prices.json");
    private (DateTime Written, long Size, IReadOnlyList<Entry> Entries) _read;

    /// <summary>The price of the longest pattern that fits; those of the data folder come first. A date at the end of a name is a version of the same model.</summary>
    public Price? Find(string model) => Best(Folder(), model) ?? Best(s_own.Value, model);

    /// <summary>The models of a provider that the tables name without a star.</summary>
    public IEnumerable<string> Names(string provider) =>
        Folder().Concat(s_own.Value).Select(entry => entry.Model.TrimEnd('*')).Where(model => model.StartsWith(provider + "/", StringComparison.Ordinal) && model.Length > provider.Length + 1).Distinct();

    private static Price? Best(IReadOnlyList<Entry> entries, string model) =>
        entries.Where(entry => Fits(entry.Model, model) || Fits(entry.Model, Date().Replace(model, ""))).MaxBy(entry => entry.Model.Length)?.Price;

    private static bool Fits(string pattern, string model) => pattern.EndsWith('*')
        ? model.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : model.Equals(pattern, StringComparison.OrdinalIgnoreCase);

    /// <summary>Read again when the file has changed.</summary>
    private IReadOnlyList<Entry> Folder()
    {
        var file = new FileInfo(_file);
        if (!file.Exists)
        {
            return [];
        }

        if (_read.Entries is null || _read.Written != file.LastWriteTimeUtc || _read.Size != file.Length)
        {
            _read = (file.LastWriteTimeUtc, file.Length, Read());
        }

        return _read.Entries;
    }

    private List<Entry> Read()
    {
        try
        {
            return Parse(File.ReadAllText(_file));
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or OverflowException)
        {
            throw new ParleyError(ErrorCode.Internal, $"The price table {_file} cannot be read: {fault.Message}", "Correct the file or delete it; docs/models.md shows its form.", fault);
        }
    }

    private static List<Entry> Parse(string json)
    {
        var models = JsonSerializer.Deserialize<Table>(json, s_form)?.Models ?? throw new JsonException("It has no 'models'.");
        return [.. models.Select(row => new Entry(row.Key, row.Value.ToPrice(row.Key)))];
    }

    private static string Own()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("prices.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"-20\d{2}-?\d{2}-?\d{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex Date();

    private sealed record Entry(string Model, Price Price);

    private sealed record Table(Dictionary<string, Row>? Models);

    /// <summary>Dollars a million tokens.</summary>
    private sealed record Row(decimal? Input, decimal? CachedInput, decimal? Output, decimal? CacheWrite)
    {
        public Price ToPrice(string model) => Input is >= 0 && Output is >= 0 && CachedInput is null or >= 0 && CacheWrite is null or >= 0
            ? new Price(Whole(Input!.Value), Whole(CachedInput ?? Input.Value), Whole(Output!.Value), CacheWrite is { } write ? Whole(write) : null)
            : throw new JsonException($"'{model}' needs input and output, dollars a million tokens, none below 0.");

        private static long Whole(decimal dollars) => (long)decimal.Round(dollars * Millionths);
    }
}
