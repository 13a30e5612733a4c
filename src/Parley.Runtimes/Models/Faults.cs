using System.Net.Http;
using Anthropic.Exceptions;
using Parley.Core.Turns;

namespace Parley.Runtimes.Models;

/// <summary>What a failure inside a library means for the turn. The text of foreign exceptions is not passed on: it may hold what was sent.</summary>
internal static class Faults
{
    public static RuntimeFault Of(Exception failure, Provider provider)
    {
        var chain = Chain(failure).ToList();
        if (chain.OfType<RuntimeFault>().FirstOrDefault() is { } known)
        {
            return known;
        }

        if (chain.OfType<AnthropicSseException>().FirstOrDefault() is { } said)
        {
            return OfStream(said, provider);
        }

        return chain.OfType<HttpRequestException>().FirstOrDefault()?.HttpRequestError switch
        {
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError =>
                new(RuntimeFaultKind.Unreachable, $"Nothing answers at the address of {provider.Name}. Start it, or correct {provider.AddressVariable}."),
            HttpRequestError.SecureConnectionError =>
                new(RuntimeFaultKind.Unreachable, $"No safe connection to {provider.Name} comes about: its certificate is not accepted."),
            _ => new(RuntimeFaultKind.Transient, $"The answer of {provider.Name} broke off or cannot be read ({chain[^1].GetType().Name})."),
        };
    }

    private static RuntimeFault OfStream(AnthropicSseException said, Provider provider) => said.Type?.Raw() switch
    {
        "overloaded_error" or "rate_limit_error" or "api_error" =>
            new(RuntimeFaultKind.Overloaded, $"{provider.Name} became overloaded while it answered."),
        "invalid_request_error" => new(RuntimeFaultKind.Refused, $"{provider.Name} refused the request while it answered."),
        _ => new(RuntimeFaultKind.Transient, $"{provider.Name} ended its answer with an error."),
    };

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = (failure as AggregateException)?.InnerExceptions[^1] ?? failure.InnerException)
        {
            yield return failure;
        }
    }
}
