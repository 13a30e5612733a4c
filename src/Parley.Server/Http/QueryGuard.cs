using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using Parley.Core;

namespace Parley.Server.Http;

/// <summary>Refuses what stands in a query and is not read: a filter or a cursor under a wrong name would otherwise be left out in silence.</summary>
internal sealed class QueryGuard
{
    private readonly ConcurrentDictionary<Endpoint, FrozenSet<string>> known = new();

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.QueryString.HasValue && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<StrictQuery>() is not null)
        {
            Check(context.Request.Query, known.GetOrAdd(endpoint, static of => Read(of)));
        }

        return next(context);
    }

    private static void Check(IQueryCollection query, FrozenSet<string> known)
    {
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name))
            {
                var fix = known.Count == 0 ? "This address takes none." : $"Use {string.Join(", ", known.Order(StringComparer.Ordinal))}; see /docs.";
                throw ParleyError.Invalid(name, $"The query parameter '{name}' is unknown here.", fix);
            }

            if (values.Count > 1)
            {
                throw ParleyError.Invalid(name, $"The query parameter '{name}' is there {values.Count} times.", "Give it once.");
            }
        }
    }

    /// <summary>The simple parameters of the handler; a name in the path counts too and does no harm.</summary>
    private static FrozenSet<string> Read(Endpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
        .Where(parameter => parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string) || parameter.ParameterInfo.ParameterType == typeof(StringValues))
        .Select(parameter => parameter.Name.ToLowerInvariant())
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Marks the addresses whose queries are read strictly.</summary>
internal sealed class StrictQuery
{
    public static readonly StrictQuery Mark = new();
}
