using System.Text.Json;

namespace Parley.Runtimes.Schemas;

/// <summary>
/// The references of a schema that an agent wrote. Only those to its own definitions are taken, and none that leads back to where it stands: a checker that follows a
/// circle never comes back.
/// </summary>
internal static class SchemaReferences
{
    private static readonly string[] Places = ["$defs", "definitions"];

    /// <summary>What is wrong with them and the fix, or null.</summary>
    public static (string Text, string Fix)? FaultOf(JsonElement schema)
    {
        var definitions = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var place in Places)
        {
            if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(place, out var all) && all.ValueKind == JsonValueKind.Object)
            {
                foreach (var definition in all.EnumerateObject())
                {
                    definitions[$"#/{place}/{definition.Name}"] = definition.Value;
                }
            }
        }

        var targets = definitions.ToDictionary(definition => definition.Key, definition => Of(definition.Value).ToList(), StringComparer.Ordinal);
        if (Of(schema).FirstOrDefault(reference => !targets.ContainsKey(reference)) is { } unknown)
        {
            return ($"The schema refers to '{(unknown.Length > 60 ? unknown[..60] + "…" : unknown)}'.", "Refer to definitions of the schema itself alone: \"$ref\": \"#/$defs/name\".");
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        return targets.Keys.Any(name => LeadsBack(name, targets, done, []))
            ? ("A definition of the schema refers to itself.", "Write out as many levels as the result may have.")
            : null;
    }

    private static bool LeadsBack(string name, Dictionary<string, List<string>> targets, HashSet<string> done, HashSet<string> way)
    {
        if (done.Contains(name))
        {
            return false;
        }

        if (!way.Add(name))
        {
            return true;
        }

        var back = targets[name].Exists(next => LeadsBack(next, targets, done, way));
        way.Remove(name);
        done.Add(name);
        return back;
    }

    private static IEnumerable<string> Of(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(field => field.Name is "$ref" or "$dynamicRef" or "$recursiveRef"
            ? [field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.ToString()]
            : Of(field.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Of),
        _ => [],
    };
}
