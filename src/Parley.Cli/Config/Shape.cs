namespace Parley.Cli.Config;

/// <summary>What may stand at a key.</summary>
/// <param name="Meant">What a value has to be, as part of a sentence.</param>
internal abstract record Shape(string Meant);

/// <summary>An object with keys that are all known.</summary>
internal sealed record Group(params ConfigKey[] Keys) : Shape("an object: { … }")
{
    public ConfigKey? Find(string name) => Array.Find(Keys, key => key.Name == name);
}

/// <summary>An object whose keys are names.</summary>
internal sealed record NamedValues(Form Name, Shape Value) : Shape($"an object: {{ \"{Name.Example}\": {{}} }}");

/// <summary>A list of objects that are told apart by a key.</summary>
internal sealed record Entries(string Id, Group Item) : Shape($"a list of objects: [{{ \"{Id}\": … }}]");

internal sealed record TextList(Form Item) : Shape($"a list of texts: [\"{Item.Example}\"]");

internal sealed record TextValue(Form Form) : Shape("a text in quotes");

internal sealed record SwitchValue() : Shape("true or false");

/// <summary>An object that has to be empty.</summary>
internal sealed record Nothing() : Shape("an empty object: {}");

/// <summary>A number within bounds, both included.</summary>
internal sealed record NumberValue(decimal Least, decimal Most, int Decimals = 0)
    : Shape(FormattableString.Invariant($"a {(Decimals == 0 ? "whole " : "")}number from {Least} to {Most}"));

/// <summary>A key of the configuration.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Meaning">One sentence for people, with the unit.</param>
/// <param name="Shape">What may stand there.</param>
/// <param name="Default">What holds without it, as JSON; null where that is no value.</param>
/// <param name="Unset">What holds without it, in words, where <paramref name="Default"/> is null.</param>
internal sealed record ConfigKey(string Name, string Meaning, Shape Shape, string? Default = null, string Unset = "none")
{
    /// <summary>The path of the key that this is another place for.</summary>
    public string? SameAs { get; init; }

    /// <summary>The environment variable that says it besides the general one.</summary>
    public string? Variable { get; init; }

    /// <summary>True where a value can hold a password, which is not shown.</summary>
    public bool HoldsSecret { get; init; }
}
