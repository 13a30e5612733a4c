using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Parley.Server.Tests.Mcp.Suite;

/// <summary>Adds the suite's tools, resources and prompts to what Parley offers; everything else is Parley's.</summary>
internal static class SuiteFixture
{
    private const string Text = "test://static-text";
    private const string Binary = "test://static-binary";
    private const string Watched = "test://watched-resource";
    private const string TemplateStart = "test://template/";
    private const string TemplateEnd = "/data";
    private static readonly string[] Addresses = [Text, Binary, Watched];
    private static readonly string[] Plain = ["test_simple_prompt", "test_prompt_with_image", "test_input_required_result_prompt"];
    private static readonly Dictionary<string, SuiteTool> Tools = SuiteTools.All.Concat(SuiteQuestions.Tools).ToDictionary(tool => tool.Name, StringComparer.Ordinal);

    public static void Apply(McpServerOptions options)
    {
        var own = options.Handlers;
        var (listTools, call, listResources, listTemplates, read, follow, leave, listPrompts, prompt) = (
            own.ListToolsHandler!, own.CallToolHandler!, own.ListResourcesHandler!, own.ListResourceTemplatesHandler!, own.ReadResourceHandler!, own.SubscribeToResourcesHandler!,
            own.UnsubscribeFromResourcesHandler!, own.ListPromptsHandler!, own.GetPromptHandler!);
        own.ListToolsHandler = async (request, cancellation) => Add(await listTools(request, cancellation), result => result.Tools, Tools.Values.Select(tool => tool.Definition));
        own.CallToolHandler = async (request, cancellation) =>
            Tools.TryGetValue(request.Params.Name, out var tool) ? await tool.RunAsync(request, cancellation) : await call(request, cancellation);
        own.ListResourcesHandler = async (request, cancellation) => Add(await listResources(request, cancellation), result => result.Resources, Addresses.Select(Address));
        own.ListResourceTemplatesHandler = async (request, cancellation) => Add(
            await listTemplates(request, cancellation), result => result.ResourceTemplates,
            [new ResourceTemplate { UriTemplate = $"{TemplateStart}{{id}}{TemplateEnd}", Name = "template", Description = "For the conformance suite.", MimeType = "application/json" }]);
        own.ReadResourceHandler = async (request, cancellation) => Read(request.Params.Uri) is { } contents
            ? new ReadResourceResult { Contents = [contents], TimeToLive = TimeSpan.FromSeconds(1), CacheScope = CacheScope.Public }
            : await read(request, cancellation);
        own.SubscribeToResourcesHandler = async (request, cancellation) => request.Params.Uri == Watched ? new EmptyResult() : await follow(request, cancellation);
        own.UnsubscribeFromResourcesHandler = async (request, cancellation) => request.Params.Uri == Watched ? new EmptyResult() : await leave(request, cancellation);
        own.ListPromptsHandler = async (request, cancellation) => Add(
            await listPrompts(request, cancellation), result => result.Prompts,
            Plain.Select(name => Of(name)).Append(Of("test_prompt_with_arguments", "arg1", "arg2")).Append(Of("test_prompt_with_embedded_resource", "resourceUri")));
        own.GetPromptHandler = async (request, cancellation) => Prompt(request.Params) ?? await prompt(request, cancellation);
#pragma warning disable MCP9005 // Clients of the older versions set a level of logging; the suite asks for it.
        own.SetLoggingLevelHandler = (_, _) => ValueTask.FromResult(new EmptyResult());
#pragma warning restore MCP9005
    }

    private static TResult Add<TResult, TItem>(TResult result, Func<TResult, IList<TItem>> list, IEnumerable<TItem> more)
    {
        foreach (var item in more)
        {
            list(result).Add(item);
        }

        return result;
    }

    private static Resource Address(string uri) => new() { Uri = uri, Name = uri["test://".Length..], Description = "For the conformance suite.", MimeType = uri == Binary ? "image/png" : "text/plain" };

    private static ResourceContents? Read(string uri) => uri switch
    {
        Text => new TextResourceContents { Uri = uri, MimeType = "text/plain", Text = "This is the content of the static text resource." },
        Watched => new TextResourceContents { Uri = uri, MimeType = "text/plain", Text = "Watched." },
        Binary => BlobResourceContents.FromBytes(Convert.FromBase64String(SuiteTools.Png), uri, "image/png"),
        _ when uri.StartsWith(TemplateStart, StringComparison.Ordinal) && uri.EndsWith(TemplateEnd, StringComparison.Ordinal) && uri[TemplateStart.Length..^TemplateEnd.Length] is var id =>
            new TextResourceContents { Uri = uri, MimeType = "application/json", Text = JsonSerializer.Serialize(new { id, templateTest = true, data = $"Data for ID: {id}" }) },
        _ => null,
    };

    private static Prompt Of(string name, params string[] arguments) => new()
    {
        Name = name, Description = "For the conformance suite.", Arguments = [.. arguments.Select(argument => new PromptArgument { Name = argument, Description = "An argument.", Required = true })],
    };

    private static GetPromptResult? Prompt(GetPromptRequestParams request)
    {
        string Given(string name) => request.Arguments![name].GetString()!;
        return request.Name switch
        {
            "test_simple_prompt" => Say(Content("This is a simple prompt for testing.")),
            "test_prompt_with_arguments" => Say(Content($"Prompt with arguments: arg1='{Given("arg1")}', arg2='{Given("arg2")}'")),
            "test_prompt_with_image" => Say(ImageContentBlock.FromBytes(Convert.FromBase64String(SuiteTools.Png), "image/png"), Content("Please analyze the image above.")),
            "test_prompt_with_embedded_resource" => Say(
                new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = Given("resourceUri"), MimeType = "text/plain", Text = "Embedded resource content for testing." } },
                Content("Please process the embedded resource above.")),
            "test_input_required_result_prompt" => SuiteQuestions.Prompt(request),
            _ => null,
        };
    }

    private static GetPromptResult Say(params ContentBlock[] contents) => new() { Messages = [.. contents.Select(content => new PromptMessage { Role = Role.User, Content = content })] };

    private static TextContentBlock Content(string text) => new() { Text = text };
}
