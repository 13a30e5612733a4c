using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Parley.Client.Wire;
using Parley.Core;

namespace Parley.Server.Errors;

/// <summary>Writes an error as problem details (RFC 9457).</summary>
internal static class Problems
{
    private static readonly WireJson Readable = new(new JsonSerializerOptions(WireJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Problem From(ParleyError error, string? traceId) => new()
    {
        Type = "urn:parley:error:" + error.Code.Name,
        Title = error.Message,
        Status = error.Code.HttpStatus,
        Code = error.Code.Name,
        Fix = error.Fix,
        Field = error.Field,
        RetryAfter = error.RetryAfter is { } wait ? Math.Max(0, Math.Round(wait.TotalSeconds, 3)) : null,
        TraceId = traceId,
        Details = error.Details?.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value)),
    };

    public static async Task WriteAsync(HttpContext context, ParleyError error)
    {
        var problem = From(error, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, Readable.Problem), context.RequestAborted);
    }
}
