using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using NJsonSchema;
using Parley.Core;
using Parley.Core.Sessions;

namespace Parley.Runtimes.Schemas;

/// <summary>Checks results with NJsonSchema. Nothing is fetched, and no schema can keep the checker busy.</summary>
internal sealed class JsonResultSchema : IResultSchema
{
    private const int Longest = 16 * 1024;
    private const int MostFaults = 5;
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<string, JsonSchema> read = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Check(string schema)
    {
        if (schema.Length > Longest)
        {
            throw ParleyError.Invalid("schema", "The schema is over 16 KiB.", "Ask for less structure: the schema is in every prompt of the session.");
        }

        _ = Read(schema);
    }

    /// <inheritdoc/>
    public string? FaultOf(string schema, string result)
    {
        try
        {
            var faults = Read(schema).Validate(result);
            return faults.Count == 0 ? null : string.Join("; ", faults.Take(MostFaults).Select(fault => string.Create(
                CultureInfo.InvariantCulture, $"{(string.IsNullOrEmpty(fault.Path) ? "the whole" : fault.Path)}: {fault.Kind}"))) + ".";
        }
        catch (Newtonsoft.Json.JsonException)
        {
            return "it is not JSON.";
        }
        catch (RegexMatchTimeoutException)
        {
            return "a pattern of the schema takes too long to be checked.";
        }
    }

    private JsonSchema Read(string schema)
    {
        if (read.TryGetValue(schema, out var known))
        {
            return known;
        }

        try
        {
            using (var document = System.Text.Json.JsonDocument.Parse(schema))
            {
                if (SchemaReferences.FaultOf(document.RootElement) is var (text, fix))
                {
                    throw ParleyError.Invalid("schema", text, fix);
                }
            }

            var parsed = JsonSchema.FromJsonAsync(schema).GetAwaiter().GetResult();
            if (read.Count < MostKept)
            {
                read[schema] = parsed;
            }

            return parsed;
        }
        catch (Exception fault) when (fault is not ParleyError)
        {
            throw new ParleyError(ErrorCode.InvalidRequest, "The schema is no JSON Schema.", "Give an object such as {\"type\":\"object\",\"properties\":{…}}.", fault) { Field = "schema" };
        }
    }
}
