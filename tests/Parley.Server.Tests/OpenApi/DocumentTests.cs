using System.Text.Json;
using System.Text.RegularExpressions;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.OpenApi;

/// <summary>What the document says of parameters and bodies is what the server reads and writes.</summary>
public sealed partial class DocumentTests
{
    private JsonElement document;

    [Fact]
    public async Task Parameters_are_named_as_they_are_read_and_every_example_fits_its_schema()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Owner.GetJsonAsync("/openapi/v1.json");
        document = answer.Json;
        var (faults, examples) = (new List<string>(), 0);
        foreach (var (name, operation) in Operations())
        {
            if (operation.TryGetProperty("parameters", out var parameters))
            {
                faults.AddRange(parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() is not "header")
                    .Select(parameter => parameter.GetProperty("name").GetString()!).Where(parameter => !SnakeCase().IsMatch(parameter)).Select(parameter => $"{name}: parameter {parameter}"));
            }

            foreach (var (part, content) in Contents(operation))
            {
                if (content.TryGetProperty("example", out var example) && example.ValueKind != JsonValueKind.Null && content.TryGetProperty("schema", out var schema))
                {
                    examples++;
                    Check(example, schema, $"{name} {part}", faults);
                }
            }
        }

        faults.ShouldBeEmpty(string.Join('\n', faults));
        examples.ShouldBeGreaterThan(120);

        // A name that the document tells is one that is read.
        var history = Operations().Single(one => one.Name == "GET /api/v1/messages").Operation.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ToList();
        history.ShouldBe(["conversation", "project", "channel", "with", "type", "sender", "since", "until", "q", "after", "before", "limit"]);
        using var found = await server.Owner.GetJsonAsync("/api/v1/messages?type=chat&sender=nobody&since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&q=word&limit=1");
        found.Required("items").GetArrayLength().ShouldBe(0);
        using var none = await server.Owner.GetJsonAsync($"/api/v1/messages?conversation={Guid.NewGuid()}&after=1&limit=1");
        none.ShouldBe(System.Net.HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public void An_example_that_does_not_fit_is_seen()
    {
        document = JsonElement.Parse("{}");
        var schema = JsonElement.Parse("""{"type":"object","required":["id"],"properties":{"id":{"type":"string","format":"uuid"},"count":{"type":["integer","null"]}}}""");
        var faults = new List<string>();
        Check(JsonElement.Parse("""{"id":"x","count":"1","more":true}"""), schema, "a", faults);
        Check(JsonElement.Parse("{}"), schema, "b", faults);
        Check(JsonElement.Parse("""{"id":"01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b","count":null}"""), schema, "c", faults);
        faults.ShouldBe(["a.id: not a uuid", "a.count: String is not integer or null", "a: 'more' is not in the schema", "b: 'id' is missing"]);
    }

    private IEnumerable<(string Name, JsonElement Operation)> Operations() =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private static IEnumerable<(string Part, JsonElement Content)> Contents(JsonElement operation)
    {
        if (operation.TryGetProperty("requestBody", out var body) && body.TryGetProperty("content", out var given) && given.TryGetProperty("application/json", out var json))
        {
            yield return ("request", json);
        }

        foreach (var response in operation.GetProperty("responses").EnumerateObject())
        {
            if (response.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var answer))
            {
                yield return (response.Name, answer);
            }
        }
    }

    /// <summary>What of JSON Schema the document uses.</summary>
    private void Check(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            return;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(value, Referred(reference.GetString()!), at, faults);
            return;
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            if (!choices.EnumerateArray().Any(choice => Fits(value, choice)))
            {
                Check(value, choices.EnumerateArray().Last(), at, faults);
            }

            return;
        }

        if (schema.TryGetProperty("type", out var type) && !Types(type).Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && Types(type).Contains("number")))
        {
            faults.Add($"{at}: {value.ValueKind} is not {string.Join(" or ", Types(type))}");
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            CheckObject(value, schema, at, faults);
        }
        else if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
            {
                Check(item, items, at + "[]", faults);
            }
        }
        else if (schema.TryGetProperty("format", out var format) && value.ValueKind == JsonValueKind.String && !(format.GetString() switch { "uuid" => value.TryGetGuid(out _), "date-time" => value.TryGetDateTimeOffset(out _), _ => true }))
        {
            faults.Add($"{at}: not a {format.GetString()}");
        }
    }

    private void CheckObject(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            faults.AddRange(required.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{at}: '{name}' is missing"));
        }

        var known = schema.TryGetProperty("properties", out var properties);
        foreach (var property in value.EnumerateObject())
        {
            if (known && properties.TryGetProperty(property.Name, out var of))
            {
                Check(property.Value, of, $"{at}.{property.Name}", faults);
            }
            else if (schema.TryGetProperty("additionalProperties", out var any) && any.ValueKind == JsonValueKind.Object)
            {
                Check(property.Value, any, $"{at}.{property.Name}", faults);
            }
            else if (known)
            {
                faults.Add($"{at}: '{property.Name}' is not in the schema");
            }
        }
    }

    private bool Fits(JsonElement value, JsonElement schema)
    {
        var faults = new List<string>();
        Check(value, schema, "", faults);
        return faults.Count == 0;
    }

    private JsonElement Referred(string reference) => reference[2..].Split('/').Aggregate(document, (node, name) => node.GetProperty(name));

    private static List<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*\z")]
    private static partial Regex SnakeCase();
}
