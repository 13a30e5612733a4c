using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Core.Tasks;

/// <summary>
/// What an agent says of a task beside its message: <c>{"task": {"id": …, "state": "input_required", "artifact": {…}}}</c> in the metadata.
/// </summary>
/// <param name="Id">The task.</param>
/// <param name="Stage">How far it is; null where it says nothing.</param>
/// <param name="Artifact">What was made, or a piece of it, as it is stored with the event; null for nothing.</param>
public sealed record TaskNote(Guid Id, TaskStage? Stage, string? Artifact)
{
    /// <summary>The name in a message's metadata.</summary>
    public const string Name = "task";

    private const int LongestName = 200;

    /// <summary>The task that the metadata names, or null.</summary>
    public static Guid? IdOf(string metadata) => IdOf(metadata, Name);

    /// <summary>The task under that name in the metadata, or null.</summary>
    internal static Guid? IdOf(string metadata, string name)
    {
        if (!metadata.Contains($"\"{name}\"", StringComparison.Ordinal))
        {
            return null;
        }

        using var document = JsonDocument.Parse(metadata);
        return document.RootElement.TryGetProperty(name, out var task) && task.ValueKind == JsonValueKind.Object
            && task.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var found)
            ? found
            : null;
    }

    /// <summary>What the metadata says of the task it names; throws <c>invalid_request</c> where it has not the documented form.</summary>
    public static TaskNote Of(string metadata)
    {
        var task = JsonNode.Parse(metadata)![Name]!.AsObject();
        var note = new TaskNote(task["id"]!.GetValue<Guid>(), StageOf(task["state"]), ArtifactOf(task["artifact"]));
        return task.FirstOrDefault(member => member.Key is not ("id" or "state" or "artifact")).Key is { } unknown
            ? throw Wrong(unknown, $"A task has no '{(unknown.Length > 60 ? unknown[..60] : unknown)}'.", "Use id, state and artifact.")
            : note;
    }

    private static TaskStage? StageOf(JsonNode? state) => state is null ? null
        : state is JsonValue value && value.TryGetValue(out string? name) && TaskRules.Parse(name) is { } stage ? stage
        : throw Wrong("state", "The task's state is unknown.", "Use working, input_required, auth_required, completed, failed or rejected.");

    private static string? ArtifactOf(JsonNode? given)
    {
        if (given is null)
        {
            return null;
        }

        if (given is not JsonObject artifact)
        {
            throw Wrong("artifact", "The artifact is not an object.", "Send {\"name\": \"report\", \"text\": \"…\"}.");
        }

        var stored = new JsonObject();
        foreach (var (name, value) in artifact)
        {
            switch (name)
            {
                case "id" or "name" or "description":
                    stored[name] = Text(name, value);
                    break;
                case "append" or "last":
                    stored[name] = value is JsonValue flag && flag.TryGetValue(out bool set) ? set : throw Wrong("artifact." + name, $"'{name}' is not true or false.", "Send true or false.");
                    break;
                case "text":
                    stored["parts"] = new JsonArray(new JsonObject { ["text"] = Text(name, value, Limits.MetadataBytes) });
                    break;
                case "parts":
                    stored["parts"] = PartsOf(value);
                    break;
                default:
                    throw Wrong("artifact." + name, "The artifact has an unknown field.", "Use id, name, description, text or parts, append and last.");
            }
        }

        return stored.ToJsonString();
    }

    private static JsonArray PartsOf(JsonNode? given)
    {
        if (given is not JsonArray { Count: > 0 } parts)
        {
            throw Wrong("artifact.parts", "The parts are not a list.", "Send [{\"text\": \"…\"}] or [{\"data\": {…}}].");
        }

        return new JsonArray([.. parts.Select(PartOf)]);
    }

    private static JsonObject PartOf(JsonNode? given)
    {
        if (given is not JsonObject part || part.Count(member => member.Key is "text" or "data" or "url" or "raw") != 1)
        {
            throw Wrong("artifact.parts", "A part needs exactly one of text, data, url and raw.", "Send {\"text\": \"…\"} or {\"data\": {…}}.");
        }

        var stored = new JsonObject();
        foreach (var (name, value) in part)
        {
            var known = name switch { "media_type" => "mediaType", "text" or "data" or "url" or "raw" or "mediaType" or "filename" => name, _ => null };
            stored[known ?? throw Wrong("artifact.parts", "A part has an unknown field.", "Use text, data, url or raw, with media_type and filename.")] =
                known == "data" ? value?.DeepClone() : Text(name, value, Limits.MetadataBytes);
        }

        return stored;
    }

    private static string Text(string name, JsonNode? value, int longest = LongestName) => value is JsonValue text && text.TryGetValue(out string? found) && found.Length <= longest
        ? found
        : throw Wrong("artifact." + name, $"The artifact's {name} is not a text, or is too long.", "Send a short text.");

    private static ParleyError Wrong(string field, string message, string fix) => ParleyError.Invalid("metadata.task." + field, message, fix);
}
