using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Parley.Server.Tests.Mcp.Suite;

/// <summary>Calls of 2026-07-28 that come back with what the client has to answer first.</summary>
internal static class SuiteQuestions
{
    private const string Proof = "signed";
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly (string Key, InputRequest Request) Name = ("user_name", Elicit("What is your name?", "name", "string"));
    private static readonly (string Key, InputRequest Request) Roots = ("client_roots", new InputRequest { Method = "roots/list", Params = JsonElement.Parse("{}") });

    public static IReadOnlyList<SuiteTool> Tools { get; } =
    [
        Asks("test_input_required_result_elicitation", answers => $"Hello, {answers["user_name"].GetProperty("content").GetProperty("name")}!", Name),
        Asks("test_input_required_result_sampling", answers => $"It said: {answers["capital_question"].GetProperty("content")}", ("capital_question", Sample("What is the capital of France?", 100))),
        Asks("test_input_required_result_list_roots", answers => $"Roots: {answers["client_roots"].GetProperty("roots")}", Roots),
        SuiteTool.Of("test_streaming_elicitation", (_, _) => throw Ask(state: null, Name)),
        SuiteTool.Of("test_input_required_result_request_state", (call, _) => Task.FromResult(call.Params.RequestState switch
        {
            null => throw Ask(Sign("state"), ("confirm", Elicit("Please confirm", "ok", "boolean"))),
            var state => SuiteTool.Text(Check(state) == "state" ? "state-ok" : "state-bad"),
        })),
        SuiteTool.Of("test_input_required_result_tampered_state", (call, _) => Task.FromResult(call.Params.RequestState switch
        {
            null => throw Ask(Sign("state"), ("confirm", Elicit("Please confirm", "ok", "boolean"))),
            var state => SuiteTool.Text(Check(state)),
        })),
        SuiteTool.Of("test_input_required_result_multiple_inputs", (call, _) => Task.FromResult(call.Params.InputResponses is { Count: 3 }
            ? SuiteTool.Text("All three were answered.")
            : throw Ask(Sign("three"), Name, ("greeting", Sample("Generate a greeting", 50)), Roots))),
        SuiteTool.Of("test_input_required_result_multi_round", (call, _) => Task.FromResult((call.Params.RequestState is { } state ? Check(state) : "") switch
        {
            "" => throw Ask(Sign("first"), ("step1", Elicit("Step 1: What is your name?", "name", "string"))),
            "first" => throw Ask(Sign("second"), ("step2", Elicit("Step 2: What is your favorite color?", "color", "string"))),
            _ => SuiteTool.Text("Both rounds are over."),
        })),
        SuiteTool.Of("test_input_required_result_capabilities", (call, _) => throw Ask(state: null, CanAnswer(call.Server.ClientCapabilities))),
    ];

    /// <summary>The prompt that asks first.</summary>
    public static GetPromptResult Prompt(GetPromptRequestParams request) => request.InputResponses is { } given && given.ContainsKey("user_context")
        ? new GetPromptResult { Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = "Use the context." } }] }
        : throw Ask(state: null, ("user_context", Elicit("What context should the prompt use?", "context", "string")));

    private static SuiteTool Asks(string name, Func<Dictionary<string, JsonElement>, string> say, params (string Key, InputRequest Request)[] questions) => SuiteTool.Of(name, (call, _) =>
    {
        var answers = (call.Params.InputResponses ?? new Dictionary<string, InputResponse>()).ToDictionary(pair => pair.Key, pair => pair.Value.RawValue, StringComparer.Ordinal);
        return questions.All(question => answers.TryGetValue(question.Key, out var answer) && answer.ValueKind == JsonValueKind.Object)
            ? Task.FromResult(SuiteTool.Text(say(answers)))
            : throw Ask(state: null, questions);
    });

    private static (string Key, InputRequest Request)[] CanAnswer(ClientCapabilities? client)
    {
        var can = JsonSerializer.SerializeToElement(client ?? new ClientCapabilities(), McpJsonUtilities.DefaultOptions);
        return [.. new (string Needs, (string, InputRequest) Question)[] { ("elicitation", Name), ("sampling", ("greeting", Sample("Generate a greeting", 50))), ("roots", Roots) }
            .Where(one => can.TryGetProperty(one.Needs, out _)).Select(one => one.Question)];
    }

    private static InputRequiredException Ask(string? state, params (string Key, InputRequest Request)[] questions) =>
        new(questions.ToDictionary(question => question.Key, question => question.Request, StringComparer.Ordinal), state);

    private static InputRequest Elicit(string message, string field, string type) => new()
    {
        Method = "elicitation/create",
        Params = JsonElement.Parse($$$"""{"mode":"form","message":"{{{message}}}","requestedSchema":{"type":"object","properties":{"{{{field}}}":{"type":"{{{type}}}"}},"required":["{{{field}}}"]}}"""),
    };

    private static InputRequest Sample(string text, int most) => new()
    {
        Method = "sampling/createMessage", Params = JsonElement.Parse($$$"""{"messages":[{"role":"user","content":{"type":"text","text":"{{{text}}}"}}],"maxTokens":{{{most}}}}"""),
    };

    private static string Sign(string state) => $"{state}.{Proof}.{Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(state)))}";

    private static string Check(string signed) => signed.Split('.')[0] is var state && Sign(state) == signed ? state : throw new McpProtocolException("The state was changed.", McpErrorCode.InvalidParams);
}
