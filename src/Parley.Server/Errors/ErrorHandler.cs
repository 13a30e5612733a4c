using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Parley.Core;

namespace Parley.Server.Errors;

/// <summary>Turns everything that goes wrong into one form of answer. What it does not know is a fault of ours: logged, and answered without details.</summary>
internal sealed partial class ErrorHandler(ILogger<ErrorHandler> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (StatusWithoutBody(context) is { } refusal)
            {
                await Problems.WriteAsync(context, refusal);
            }
        }
        catch (Exception fault) when (context.RequestAborted.IsCancellationRequested && fault is OperationCanceledException or IOException or ConnectionResetException)
        {
            ClientGone(log, context.Request.Path);
        }
        catch (Exception fault)
        {
            var error = ErrorMap.From(fault);
            if (error.Code == ErrorCode.Internal)
            {
                Failed(log, fault, context.Request.Method, context.Request.Path);
            }

            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            Clear(context.Response);
            await Problems.WriteAsync(context, error);
        }
    }

    /// <summary>Drops the half-made answer but keeps the headers that every answer has.</summary>
    private static void Clear(HttpResponse response)
    {
        response.Headers.ContentLength = null;
        response.Headers.ContentType = default;
        response.HttpContext.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = null;
    }

    private static ParleyError? StatusWithoutBody(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.ContentLength > 0 || response.ContentType is not null)
        {
            return null;
        }

        return response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => WrongParameter.Of(context),
            StatusCodes.Status404NotFound => new ParleyError(ErrorCode.NotFound, "There is nothing at this address.", "The addresses are listed at /docs."),
            StatusCodes.Status405MethodNotAllowed => new ParleyError(
                ErrorCode.MethodNotAllowed, $"This address does not answer {context.Request.Method}.", $"Use {response.Headers.Allow}; see /docs."),
            StatusCodes.Status413PayloadTooLarge => ErrorMap.TooLarge(),
            StatusCodes.Status415UnsupportedMediaType => ParleyError.Invalid("content-type", "The body is not JSON.", "Send 'Content-Type: application/json'."),
            _ => null,
        };
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Failed(ILogger log, Exception fault, string method, PathString path);

    [LoggerMessage(LogLevel.Debug, "The client of {Path} has gone")]
    private static partial void ClientGone(ILogger log, PathString path);
}
