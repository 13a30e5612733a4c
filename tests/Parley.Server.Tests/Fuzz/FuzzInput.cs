using System.Text;
using System.Text.Json;

namespace Parley.Server.Tests.Fuzz;

/// <summary>Random bytes, random pieces of JSON, and whole messages with odd values.</summary>
internal static class FuzzInput
{
    private static readonly string[] s_fragments =
    [
        "{", "}", "[", "]", ":", ",", "null", "true", "1e999", "-0", "\"", "\\u0000", "\\ud800", "\"content\":", "\"to\":", "\"#general\"", "\"aaron\"", "\"type\":", "\"ack\"", "\"resume\"", "\"cursor\":",
        "\"metadata\":", "\"mentions\":[\"@a\"]", "\"reply_to\":", "\"00000000-0000-0000-0000-000000000000\"", "\"ttl\":", "\"reply_by\":\"9999-12-31T23:59:59Z\"", "\"key\":", "\"@tesla ```\"", "\u202e", "💥",
    ];

    private static readonly string[] s_words =
        ["@tesla", "@all", "@", "@@", "@tesla.", "``` @tesla", "`@x`", "tesla@example.org", "\0", "\u202e", "💥", "é", "\ud800", "%", "'; --", "<b>", "\n", "#general", "@" + new string('a', 60), new string('x', 2000)];

    private static readonly object?[] s_values =
        [null, "", "aaron", "#general", "chat", 0, -1, 1e300, true, long.MaxValue, new object[] { "@tesla", "tesla", "" }, new { }, Guid.Empty, "2030-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "0-1", new string('k', 200)];

    private static readonly string[] s_fields =
        ["type", "project", "metadata", "mentions", "agent_type", "session_id", "key", "reply_to", "reply_by", "ttl", "ref", "cursor", "from", "id", "name"];

    private static readonly string[] s_methods =
    [
        "tools/call", "tools/list", "server/discover", "initialize", "ping", "notifications/cancelled", "resources/list", "resources/read", "resources/templates/list", "resources/subscribe",
        "resources/unsubscribe", "prompts/list", "prompts/get", "completion/complete", "subscriptions/listen", "logging/setLevel", "", "\0",
    ];

    private static readonly string[] s_uris =
        ["parley://inbox", "parley://agents/aaron", "parley://agents/", "parley://agents/\0", "parley://conversations/00000000-0000-0000-0000-000000000000", "parley://conversations/%2e%2e", "parley://", "file:///", ""];

    private static readonly object?[] s_references = [new { type = "ref/prompt", name = "request" }, new { type = "ref/resource", uri = "parley://agents/{name}" }, new { type = "ref/odd" }, "request", null];
    private static readonly string[] s_tools =
        ["send_agent_message", "check_messages", "list_agents", "post_to_channel", "read_channel", "sessions_spawn", "sessions_send", "sessions_list", "subagents", "meeting", "nothing"];

    private static readonly string[] s_arguments =
        ["to", "message", "type", "reply_to", "key", "cursor", "limit", "channel", "project", "after", "agentId", "task", "model", "label", "timeout", "schema", "sessionKey", "active", "action", "name"];

    /// <summary>A call as JSON-RPC whose tool, arguments and envelope may not fit; sometimes not even that.</summary>
    public static byte[] NextCall(Random random)
    {
        if (random.Next(4) == 0)
        {
            return Next(random, sending: false);
        }

        var arguments = new Dictionary<string, object?> { ["to"] = "aaron", ["message"] = s_words[random.Next(s_words.Length)] + random.Next(), ["wait"] = 0 };
        for (var i = random.Next(5); i > 0; i--)
        {
            arguments[s_arguments[random.Next(s_arguments.Length)]] = s_values[random.Next(s_values.Length)];
        }

        if (random.Next(3) > 0)
        {
            arguments.Remove("wait");
        }

        var call = new Dictionary<string, object?> { ["name"] = random.Next(20) == 0 ? Value(random) : s_tools[random.Next(s_tools.Length)], ["arguments"] = random.Next(20) == 0 ? Value(random) : arguments, ["_meta"] = random.Next(10) == 0 ? Value(random) : new { progressToken = Value(random) } };
        AddOthers(call, random);
        var body = new Dictionary<string, object?>
        {
            ["jsonrpc"] = random.Next(20) == 0 ? Value(random) : "2.0", ["id"] = random.Next(10) == 0 ? Value(random) : random.Next(), ["method"] = random.Next(4) == 0 ? s_methods[random.Next(s_methods.Length)] : s_methods[0],
            ["params"] = random.Next(20) == 0 ? Value(random) : call,
        };
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    /// <summary>What the methods beside the tools want.</summary>
    private static void AddOthers(Dictionary<string, object?> call, Random random)
    {
        call["uri"] = random.Next(10) == 0 ? Value(random) : s_uris[random.Next(s_uris.Length)];
        call["ref"] = s_references[random.Next(s_references.Length)];
        call["argument"] = random.Next(10) == 0 ? Value(random) : new { name = "to", value = random.Next(5) == 0 ? Value(random) : "a" };
        call["notifications"] = random.Next(10) == 0 ? Value(random) : new { resourceSubscriptions = random.Next(5) == 0 ? Value(random) : s_uris };
        if (random.Next(10) == 0)
        {
            call[random.Next(2) == 0 ? "inputResponses" : "cursor"] = Value(random);
        }
    }

    private static readonly string[] s_taskMethods =
    [
        "SendMessage", "SendStreamingMessage", "GetTask", "ListTasks", "CancelTask", "SubscribeToTask", "GetExtendedAgentCard", "CreateTaskPushNotificationConfig", "message/send", "message/stream", "tasks/get",
        "tasks/cancel", "tasks/resubscribe", "tasks/pushNotificationConfig/set", "",
    ];

    /// <summary>A call of the A2A door, in whatever version; its parameters may not fit, and sometimes there is no call.</summary>
    public static byte[] NextTask(Random random, string task, bool legacy)
    {
        if (random.Next(6) == 0)
        {
            return Next(random, sending: false);
        }

        var parts = Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(10) == 0 ? Value(random) : Part(random)).ToList();
        var message = new Dictionary<string, object?> { ["messageId"] = $"m{random.Next(1000)}", ["role"] = legacy ? "user" : "ROLE_USER", ["parts"] = random.Next(10) == 0 ? Value(random) : parts };
        foreach (var field in new[] { "taskId", "contextId", "metadata", "messageId", "role", "kind", "extensions" })
        {
            if (random.Next(20) == 0)
            {
                message[field] = random.Next(2) == 0 ? task : Value(random);
            }
        }

        var configuration = new Dictionary<string, object?> { ["returnImmediately"] = true, ["blocking"] = false };
        if (random.Next(10) == 0)
        {
            configuration[random.Next(2) == 0 ? "historyLength" : "pushNotificationConfig"] = Value(random);
        }

        var parameters = new Dictionary<string, object?> { ["message"] = message, ["configuration"] = configuration, ["id"] = random.Next(3) == 0 ? Value(random) : task };
        foreach (var field in new[] { "pageSize", "pageToken", "status", "statusTimestampAfter", "includeArtifacts", "historyLength", "contextId", "metadata" })
        {
            if (random.Next(12) == 0)
            {
                parameters[field] = Value(random);
            }
        }

        return random.Next(4) == 0 ? JsonSerializer.SerializeToUtf8Bytes(parameters) : JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["jsonrpc"] = random.Next(20) == 0 ? Value(random) : "2.0", ["id"] = random.Next(20) == 0 ? Value(random) : random.Next(), ["method"] = random.Next(2) == 0 ? s_taskMethods[legacy ? 8 : 0] : s_taskMethods[random.Next(s_taskMethods.Length)],
            ["params"] = random.Next(20) == 0 ? Value(random) : parameters,
        });
    }

    private static readonly string[] s_partFields = ["text", "text", "data", "url", "raw", "file", "mediaType"];

    private static Dictionary<string, object?> Part(Random random)
    {
        var part = new Dictionary<string, object?> { ["kind"] = random.Next(8) == 0 ? "data" : "text" };
        for (var i = random.Next(4) == 0 ? 2 : 1; i > 0; i--)
        {
            part[s_partFields[random.Next(s_partFields.Length)]] = random.Next(8) == 0 ? Value(random) : s_words[random.Next(s_words.Length)] + random.Next();
        }

        return part;
    }

    private static object? Value(Random random) => s_values[random.Next(s_values.Length)];

    public static byte[] Next(Random random, bool sending) => random.Next(4) switch
    {
        0 => Noise(random),
        1 when sending => Message(random),
        _ => Pieces(random),
    };

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(200)];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] Pieces(Random random)
    {
        var text = new StringBuilder(random.Next(2) == 0 ? "{" : "");
        for (var i = random.Next(12); i > 0; i--)
        {
            text.Append(s_fragments[random.Next(s_fragments.Length)]);
        }

        return Encoding.UTF8.GetBytes(text.Append(random.Next(2) == 0 ? "}" : "").ToString());
    }

    /// <summary>What a client might send, with mentions of every shape in its text and up to two fields that may not fit.</summary>
    private static byte[] Message(Random random)
    {
        var fields = new Dictionary<string, object?>
        {
            ["type"] = "chat",
            ["to"] = "#general",
            ["content"] = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(1, 6)).Select(_ => s_words[random.Next(s_words.Length)])) + random.Next(),
        };
        for (var i = random.Next(3); i > 0; i--)
        {
            fields[s_fields[random.Next(s_fields.Length)]] = s_values[random.Next(s_values.Length)];
        }

        return JsonSerializer.SerializeToUtf8Bytes(fields);
    }
}
