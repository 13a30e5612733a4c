using Parley.Core;
using Parley.Runtimes.Demo;

namespace Parley.Runtimes.Models;

/// <summary><c>provider/model</c>; the model's own name may hold further slashes.</summary>
public sealed record ModelName(Provider Provider, string Model)
{
    private const int Longest = 200;

    public override string ToString() => $"{Provider.Name}/{Model}";

    /// <summary>Throws <c>invalid_request</c> that lists the providers.</summary>
    public static ModelName Parse(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var provider = slash < 0 ? null : Provider.Find(name[..slash]);
        if (provider is null)
        {
            throw ParleyError.Invalid(
                "model",
                slash < 0 ? $"'{Shown(name)}' names no provider." : $"There is no provider '{Shown(name[..slash])}'.",
                $"Name the model as provider/model; the providers are {string.Join(", ", Provider.All.Select(known => known.Name))}. Example: demo/echo.");
        }

        var model = name[(slash + 1)..];
        return model.Length is > 0 and <= Longest && !model.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            ? new ModelName(provider, model)
            : throw ParleyError.Invalid("model", $"The name of the model after '{provider.Name}/' is empty, too long or has blanks.", $"See what there is with: parley models. At most {Longest} characters.");
    }

    /// <summary>Throws <c>invalid_request</c> for a demonstration model that does not exist; others are known to their provider alone.</summary>
    public void CheckKnown()
    {
        if (Provider == Provider.Demo && !DemoModels.Names.Contains(Model))
        {
            throw ParleyError.Invalid("model", $"There is no demonstration model '{Shown(Model)}'.", $"Name one of {string.Join(", ", DemoModels.Names.Select(known => $"demo/{known}"))}.");
        }
    }

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
