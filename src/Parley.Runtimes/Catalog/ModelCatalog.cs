using Parley.Core;
using Parley.Core.Turns;
using Parley.Runtimes.Demo;
using Parley.Runtimes.Keys;
using Parley.Runtimes.Models;

namespace Parley.Runtimes.Catalog;

/// <summary>The providers, asked all at once, and the prices.</summary>
internal sealed class ModelCatalog(RuntimeOptions options, ProviderKeys keys, ChatClients clients, PriceTable prices, TimeProvider time) : IModelCatalog
{
    private const string Ready = "ready";
    private const string NoKey = "no key";
    private const string Unreachable = "unreachable";

    public Price? PriceOf(string model) => prices.Find(model);

    public void Check(string model) => ModelName.Parse(model).CheckKnown();

    public async Task<IReadOnlyList<ProviderInfo>> ListAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Provider.All.Select(provider => AskAsync(provider, cancellationToken))).ConfigureAwait(false);

    private async Task<ProviderInfo> AskAsync(Provider provider, CancellationToken cancellationToken)
    {
        if (provider == Provider.Demo)
        {
            return Info(provider, Ready, "", "Built in: no language model is asked, nothing leaves this machine.", DemoModels.Names);
        }

        using var limit = new CancellationTokenSource(options.ListLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var address = "";
        try
        {
            address = provider.AddressIn(options).ToString();
            var key = keys.Find(provider);
            if (key is null && provider.NeedsKey)
            {
                return Info(provider, NoKey, address, $"Set it with: parley key set {provider.Name}, or in {provider.KeyVariable}.", Priced(provider));
            }

            using var client = clients.Plain(provider, key);
            var names = await ModelList.ReadAsync(client, provider, new Uri(address), key, either.Token).ConfigureAwait(false);
            return Info(provider, Ready, address, names.Count == 0 ? "It lists no models." : "", names);
        }
        catch (RuntimeFault fault)
        {
            return Info(provider, fault.Kind == RuntimeFaultKind.Unauthenticated ? NoKey : Unreachable, address, fault.Message, Priced(provider));
        }
        catch (ParleyError error)
        {
            return Info(provider, NoKey, address, $"{error.Message} {error.Fix}", Priced(provider));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var note = limit.IsCancellationRequested ? $"No answer within {options.ListLimit.TotalSeconds:0.#} s." : Faults.Of(failure, provider).Message;
            return Info(provider, Unreachable, address, Hint(provider, note), Priced(provider));
        }
    }

    private static string Hint(Provider provider, string note) =>
        provider == Provider.Local ? $"{note} Start Ollama, LM Studio or vLLM, or set {provider.AddressVariable} to where it listens." : note;

    // What a provider serves that cannot be asked; a local server's models are known to itself alone.
    private IReadOnlyList<string> Priced(Provider provider) => [.. prices.Names(provider.Name).Select(name => name[(provider.Name.Length + 1)..])];

    private ProviderInfo Info(Provider provider, string state, string address, string note, IReadOnlyList<string> models) => new(
        provider.Name, state, address, note, [.. models.Select(model => $"{provider.Name}/{model}").Select(name => new ModelInfo(name, prices.Find(name)))]);
}
