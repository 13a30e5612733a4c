using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Parley.Server.A2a.Wire;

/// <summary>How A2A is written as JSON: camelCase names, names instead of numbers, absent instead of null; fields of later versions are skipped.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentCard))]
[JsonSerializable(typeof(AgentTask))]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(SendMessageResponse))]
[JsonSerializable(typeof(StreamResponse))]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(ListTasksRequest))]
[JsonSerializable(typeof(ListTasksResponse))]
[JsonSerializable(typeof(PushConfigRequest))]
[JsonSerializable(typeof(ListTaskPushNotificationConfigsResponse))]
[JsonSerializable(typeof(LegacyTask))]
[JsonSerializable(typeof(LegacyMessage))]
[JsonSerializable(typeof(LegacyStatusUpdate))]
[JsonSerializable(typeof(LegacyArtifactUpdate))]
[JsonSerializable(typeof(LegacySendParams))]
[JsonSerializable(typeof(LegacyTaskParams))]
[JsonSerializable(typeof(LegacyTaskPushConfig))]
[JsonSerializable(typeof(IReadOnlyList<LegacyTaskPushConfig>))]
[JsonSerializable(typeof(IReadOnlyList<Part>))]
[JsonSerializable(typeof(TaskPushNotificationConfig))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
[JsonSerializable(typeof(RpcRequest))]
[JsonSerializable(typeof(RpcResponse))]
[JsonSerializable(typeof(HttpError))]
internal sealed partial class A2aJson : JsonSerializerContext
{
    /// <summary>With repeated fields refused, and null where a value has to be. Made when first used: the order in which the parts of this class begin is not ours.</summary>
    private static JsonSerializerOptions Strict => field ??= Make();

    /// <summary>How that type is read and written.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Strict.GetTypeInfo(typeof(T));

    /// <summary>The value as it goes into an answer.</summary>
    public static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value, Of<T>());

    private static JsonSerializerOptions Make() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 32,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new UtcTime() },
        TypeInfoResolver = Default,
    };
}
