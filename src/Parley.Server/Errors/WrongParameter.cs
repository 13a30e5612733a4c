using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Parley.Core;

namespace Parley.Server.Errors;

/// <summary>Names the optional parameter that has a wrong value: where one has, the generated code of a route answers 400 and says no more.</summary>
internal static class WrongParameter
{
    public static ParleyError Of(HttpContext context) =>
        context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>().FirstOrDefault(parameter => IsWrong(context, parameter)) is { } wrong
            ? ErrorMap.Wrong(wrong.Name)
            : ErrorMap.Malformed();

    private static bool IsWrong(HttpContext context, IParameterBindingMetadata parameter) =>
        parameter.HasTryParse && context.Request.Query[parameter.Name].ToString() is { Length: > 0 } text && !IsA(parameter.ParameterInfo.ParameterType, text);

    private static bool IsA(Type type, string text) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var number when number == typeof(int) => int.TryParse(text, CultureInfo.InvariantCulture, out _),
        var number when number == typeof(long) => long.TryParse(text, CultureInfo.InvariantCulture, out _),
        var number when number == typeof(double) => double.TryParse(text, CultureInfo.InvariantCulture, out _),
        var truth when truth == typeof(bool) => bool.TryParse(text, out _),
        var id when id == typeof(Guid) => Guid.TryParse(text, out _),
        var time when time == typeof(DateTimeOffset) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        _ => true,
    };
}
