using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Parley.Server.OpenApi;

/// <summary>Example bodies of an operation.</summary>
internal sealed record OperationExample(object? Request, object? Response, string? Events);

/// <summary>What an endpoint says of itself in the OpenAPI document.</summary>
internal static class Documentation
{
    public static RouteHandlerBuilder Document(this RouteHandlerBuilder endpoint, string summary, string description, object? request = null, object? response = null, string? events = null) =>
        endpoint.WithSummary(summary).WithDescription(description).WithMetadata(new OperationExample(request, response, events));
}
