using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Cli.Config;

/// <summary>The table of keys as JSON Schema, so that editors complete, explain and check.</summary>
internal static class ConfigSchema
{
    public const string Name = "parley.schema.json";

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.General) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Parley",
            ["allowTrailingCommas"] = true,
        };
        foreach (var (name, value) in Of(ConfigKeys.Root).ToArray())
        {
            schema[name] = value?.DeepClone();
        }

        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Of(Shape shape) => shape switch
    {
        Group group => Closed(new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(group.Keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, Of(key)))) }),
        Entries entries => new JsonObject { ["type"] = "array", ["items"] = Required(Of(entries.Item), entries.Id) },
        NamedValues { Name: var name } named when name == Form.KnownProvider => Closed(new JsonObject
        {
            ["type"] = "object", ["properties"] = new JsonObject(Runtimes.Models.Provider.All.Select(provider => KeyValuePair.Create<string, JsonNode?>(provider.Name, Of(named.Value)))),
        }),
        NamedValues named => new JsonObject { ["type"] = "object", ["propertyNames"] = new JsonObject { ["pattern"] = "^[^/\\s]+/\\S+$" }, ["additionalProperties"] = Of(named.Value) },
        TextList list => new JsonObject { ["type"] = "array", ["items"] = Of(list.Item) },
        TextValue text => Of(text.Form),
        SwitchValue => new JsonObject { ["type"] = "boolean" },
        NumberValue number => new JsonObject { ["type"] = number.Decimals == 0 ? "integer" : "number", ["minimum"] = number.Least, ["maximum"] = number.Most },
        _ => new JsonObject { ["type"] = "object", ["maxProperties"] = 0 },
    };

    private static JsonObject Of(Form form)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (form.Example.Length > 0)
        {
            schema["examples"] = new JsonArray(form.Example);
        }

        return schema;
    }

    private static JsonObject Of(ConfigKey key)
    {
        var schema = Of(key.Shape);
        schema["description"] = key.Meaning;
        if (key.Default is { } value)
        {
            schema["default"] = JsonNode.Parse(value);
        }

        return schema;
    }

    private static JsonObject Closed(JsonObject schema)
    {
        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject Required(JsonObject schema, string name)
    {
        schema["required"] = new JsonArray(name);
        return schema;
    }
}
