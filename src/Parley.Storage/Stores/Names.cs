using System.Collections.Frozen;

namespace Parley.Storage.Stores;

/// <summary>Enumerations as the text that is stored: lower case, without allocation on the way.</summary>
internal static class Names<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Texts = Enum.GetValues<T>().Distinct().ToFrozenDictionary(value => value, value => value.ToString().ToLowerInvariant());
    private static readonly FrozenDictionary<string, T> Values = Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static string Of(T value) => Texts[value];

    public static T Parse(string text) => Values[text];
}
