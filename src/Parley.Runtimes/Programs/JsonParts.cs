using System.Text.Json;

namespace Parley.Runtimes.Programs;

/// <summary>Reads what programs print, which may be anything.</summary>
internal static class JsonParts
{
    public static JsonElement? At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    public static JsonElement? At(this JsonElement? element, string name) => element?.At(name);

    public static string? Word(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static string? Word(this JsonElement? element, string name) => element?.Word(name);

    /// <summary>A whole number that is not below zero; 0 for all else.</summary>
    public static long Count(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? Math.Clamp(count, 0, 1_000_000_000_000) : 0;

    public static decimal? Money(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var amount) ? amount : null;

    public static bool Flag(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> List(this JsonElement? element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
