using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Parley.Core;

namespace Parley.Server.Errors;

/// <summary>Which error of Parley an exception is.</summary>
internal static partial class ErrorMap
{
    public static ParleyError From(Exception fault) => fault switch
    {
        ParleyError error => error,
        JsonException json => From(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(),
        BadHttpRequestException { InnerException: JsonException json } => From(json),
        BadHttpRequestException bad => From(bad),
        _ => new ParleyError(ErrorCode.Internal, "Parley failed.", "Look in the server's log for the trace id, and report it.", fault),
    };

    public static ParleyError TooLarge() =>
        new(ErrorCode.TooLarge, "The body is over 1 MiB.", "Send less at once; keep large data elsewhere and send where it is.");

    public static ParleyError Malformed() => new(ErrorCode.InvalidRequest, "The request is malformed.", "See /docs for its form.");

    /// <summary>A parameter of the address, by its name in the program.</summary>
    public static ParleyError Wrong(string parameter)
    {
        var field = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter);
        return ParleyError.Invalid(field, $"'{field}' is missing or has a wrong value.", "See /docs for its form.");
    }

    /// <summary>What is wrong with JSON, and in which field.</summary>
    public static ParleyError From(JsonException fault)
    {
        if (Unmapped().Match(fault.Message) is { Success: true } unknown)
        {
            var name = unknown.Groups[1].Value;
            return ParleyError.Invalid(Join(fault.Path, name), $"The field '{Shorten(name)}' is unknown.", "Leave it out, or check its spelling; /docs lists the fields.");
        }

        return fault.Path is { Length: > 2 } path
            ? ParleyError.Invalid(path[2..], $"The field '{Shorten(path[2..])}' has a wrong value.", "/docs shows its form.")
            : new ParleyError(ErrorCode.InvalidRequest, "The body is not valid JSON of the documented form.", "Send one JSON object in UTF-8; /docs shows its form.");
    }

    private static ParleyError From(BadHttpRequestException fault) =>
        Parameter().Match(fault.Message) is { Success: true } match ? Wrong(match.Groups[1].Value) : Malformed();

    private static string Join(string? path, string name) => path is { Length: > 2 } && !path.EndsWith("." + name, StringComparison.Ordinal) ? $"{path[2..]}.{name}" : name;

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "…" : text;

    [GeneratedRegex("^The JSON property '(.*)' could not be mapped", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Unmapped();

    [GeneratedRegex("parameter \"[^\"]*?([A-Za-z_]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
