using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core;

namespace Parley.Server.Security;

/// <summary>Marks an endpoint that answers without a token. Whatever is not marked needs one.</summary>
internal sealed class NoTokenNeeded
{
    public static readonly NoTokenNeeded Mark = new();
}

/// <summary>The one place where a request gets its caller.</summary>
internal sealed class Authentication(TokenCache tokens, RequestRate rate)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NoTokenNeeded>() is null)
        {
            var caller = await tokens.FindAsync(BearerToken.Of(context.Request), context.Connection, context.RequestAborted);
            rate.Count(caller.TokenId, "This token");
            context.RequestServices.GetRequiredService<CallerSlot>().Caller = caller;
        }

        await next(context);
    }
}
