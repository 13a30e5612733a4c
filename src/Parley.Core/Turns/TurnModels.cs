namespace Parley.Core.Turns;

/// <summary>The runtimes and models that agents can be hosted on.</summary>
public sealed class TurnModels(IEnumerable<IRuntime> runtimes, IModelCatalog catalog)
{
    private readonly Dictionary<string, IRuntime> runtimes = runtimes.ToDictionary(runtime => runtime.Name, StringComparer.Ordinal);

    /// <summary>What the model costs, or null where that is not known.</summary>
    public Price? PriceOf(string model) => catalog.PriceOf(model);

    /// <summary>Throws <c>invalid_request</c> where there is no such runtime, or the model's provider is unknown.</summary>
    public void Check(string runtime, string model)
    {
        Find(runtime);
        catalog.Check(model);
    }

    /// <summary>Throws <c>invalid_request</c> where there is no such runtime, or it does not run such a program.</summary>
    public void Check(string runtime, HostedProgram? program) => Find(runtime).Check(program);

    private IRuntime Find(string runtime) => runtimes.GetValueOrDefault(runtime)
        ?? throw ParleyError.Invalid("runtime", $"There is no runtime '{Shorten(runtime)}' on this server.", $"Use one of: {string.Join(", ", runtimes.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>Asks the agent's runtime.</summary>
    internal Task<RuntimeAnswer> AskAsync(HostedAgent hosted, RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken) =>
        runtimes.GetValueOrDefault(hosted.Runtime) is { } runtime
            ? runtime.AskAsync(request, onText, cancellationToken)
            : throw new RuntimeFault(RuntimeFaultKind.UnknownModel, $"This server has no runtime '{hosted.Runtime}'.");

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
