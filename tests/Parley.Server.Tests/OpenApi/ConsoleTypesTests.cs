using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.OpenApi;

/// <summary>The console's types are made from <c>console/openapi.json</c>, which has to be what the server says of itself.</summary>
public sealed class ConsoleTypesTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly HashSet<string> Words = ["description", "summary", "example", "version"];

    [Fact]
    public async Task The_console_is_typed_from_the_document_of_this_server()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Owner.GetJsonAsync("/openapi/v1.json");
        var document = Strip(JsonNode.Parse(answer.Body)!).ToJsonString(Readable) + "\n";
        var file = Path.Combine(Repository.Root, "console", "openapi.json");
        if (Environment.GetEnvironmentVariable("PARLEY_DOCS_WRITE") == "1")
        {
            await File.WriteAllTextAsync(file, document, TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(
            document, "The API has changed. Renew the console's types: PARLEY_DOCS_WRITE=1 ./artifacts/bin/Parley.Server.Tests/release/Parley.Server.Tests --filter-class '*ConsoleTypes*', then build.");
    }

    /// <summary>Leaves out what says nothing of types; a property of such a name is an object and stays.</summary>
    private static JsonNode Strip(JsonNode node)
    {
        switch (node)
        {
            case JsonObject things:
                foreach (var name in things.Where(pair => pair.Key == "example" ? pair.Value is not JsonObject { } child || !child.ContainsKey("type") : Words.Contains(pair.Key) && pair.Value is JsonValue).Select(pair => pair.Key).ToList())
                {
                    things.Remove(name);
                }

                foreach (var (_, value) in things)
                {
                    if (value is not null)
                    {
                        Strip(value);
                    }
                }

                break;
            case JsonArray list:
                foreach (var value in list)
                {
                    if (value is not null)
                    {
                        Strip(value);
                    }
                }

                break;
        }

        return node;
    }
}
