using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Parley.Core;
using Parley.Server.Errors;

namespace Parley.Server;

/// <summary>How long a request may take.</summary>
internal static class RequestTimes
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static void Apply(RequestTimeoutOptions options) => options.DefaultPolicy = Of(Longest);

    /// <summary>A time for what waits longer than the others may.</summary>
    public static RequestTimeoutPolicy Of(TimeSpan longest) => new()
    {
        Timeout = longest,
        TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
        WriteTimeoutResponse = context => Problems.WriteAsync(
            context, new ParleyError(ErrorCode.OutcomeUnknown, "The request took too long; what it asked for may have happened.", "Repeat a send with the same key; look before you repeat anything else.")),
    };
}
