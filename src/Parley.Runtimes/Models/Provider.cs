namespace Parley.Runtimes.Models;

/// <summary>Who serves models.</summary>
/// <param name="Name">The part of a model's name before the slash.</param>
/// <param name="Address">Where it is asked unless the settings say otherwise; empty for the built-in one.</param>
/// <param name="AddressVariable">The environment variable that moves it.</param>
/// <param name="KeyVariable">The environment variable of its key; empty where it takes none.</param>
/// <param name="NeedsKey">False where it may answer without a key.</param>
public sealed record Provider(string Name, string Address, string AddressVariable, string KeyVariable, bool NeedsKey)
{
    public static readonly Provider OpenAi = new("openai", "https://api.openai.com/v1", "OPENAI_BASE_URL", "OPENAI_API_KEY", NeedsKey: true);
    public static readonly Provider Anthropic = new("anthropic", "https://api.anthropic.com", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", NeedsKey: true);
    public static readonly Provider OpenRouter = new("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_BASE_URL", "OPENROUTER_API_KEY", NeedsKey: true);
    public static readonly Provider Local = new("local", "http://127.0.0.1:11434/v1", "PARLEY_LOCAL_URL", "PARLEY_LOCAL_KEY", NeedsKey: false);
    public static readonly Provider Demo = new("demo", "", "", "", NeedsKey: false);

    public static IReadOnlyList<Provider> All { get; } = [OpenAi, Anthropic, OpenRouter, Local, Demo];

    public bool TakesKey => KeyVariable.Length > 0;

    public static Provider? Find(string name) => All.FirstOrDefault(provider => provider.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Where it is asked now. Throws a fault that names the setting where the address is none.</summary>
    internal Uri AddressIn(RuntimeOptions options)
    {
        var text = options.Addresses.GetValueOrDefault(Name) ?? NotEmpty(options.Environment(AddressVariable)) ?? Address;
        return Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? address
            : throw new Core.Turns.RuntimeFault(Core.Turns.RuntimeFaultKind.Unreachable, $"The address of {Name} is no http or https address without a user. Correct {AddressVariable}.");
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
