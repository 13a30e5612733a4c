using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Parley.Core;

namespace Parley.Server.Http;

/// <summary>A body of JSON, read whole and strictly: the right media type, valid UTF-8, known fields.</summary>
internal sealed record JsonBody<T>(T Value) : IEndpointParameterMetadataProvider
{
    private static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)WireOptions.Reading.GetTypeInfo(typeof(T));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: false));

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (context.Request.ContentType is { } type && !context.Request.HasJsonContentType())
        {
            throw ParleyError.Invalid("content-type", $"The body is '{(type.Length > 60 ? type[..60] : type)}', not JSON.", "Send 'Content-Type: application/json'.");
        }

        var reader = context.Request.BodyReader;
        var body = await RequestBody.ReadAsync(reader, context.RequestAborted);
        try
        {
            return new JsonBody<T>(Parse(body));
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static T Parse(in ReadOnlySequence<byte> body)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        if (!Utf8.IsValid(bytes))
        {
            throw new ParleyError(ErrorCode.InvalidRequest, "The body is not valid UTF-8.", "Encode the JSON as UTF-8.");
        }

        return JsonSerializer.Deserialize(bytes, Type)
            ?? throw new ParleyError(ErrorCode.InvalidRequest, "The body is empty or null.", "Send one JSON object; /docs shows its form.");
    }
}
