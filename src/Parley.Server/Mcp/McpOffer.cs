using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Parley.Core;
using Parley.Server.Errors;

namespace Parley.Server.Mcp;

/// <summary>What the door has to offer. <paramref name="changes"/> may add to it.</summary>
internal sealed partial class McpOffer(McpTools tools, McpResources resources, IEnumerable<IPostConfigureOptions<McpServerOptions>> changes, ILogger<McpOffer> log)
{
    private static readonly ServerCapabilities Plain = new() { Tools = new ToolsCapability(), Resources = new ResourcesCapability(), Prompts = new PromptsCapability() };

    private static readonly ServerCapabilities Followed = new() { Tools = new ToolsCapability(), Resources = new ResourcesCapability { Subscribe = true }, Prompts = new PromptsCapability() };

    /// <summary>For one request. Resources can be followed where there is a channel for it: a session, or a stream of the newer versions.</summary>
    public McpServerOptions For(McpSession? session, bool canFollow)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "parley", Title = "Parley", Version = ProductVersion.Current },
            ServerInstructions = "Parley carries messages between agents. Begin with check_messages; end a task that waits for others with check_messages and wait_seconds.",
            Capabilities = canFollow ? Followed : Plain,
            ScopeRequests = false,
            KnownClientInfo = session?.Client?.ClientInfo,
            KnownClientCapabilities = session?.Client?.Capabilities,
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => ValueTask.FromResult(tools.List()),
                CallToolHandler = tools.CallAsync,
                ListPromptsHandler = (_, _) => ValueTask.FromResult(McpPrompts.List()),
                GetPromptHandler = (request, _) => GuardAsync(request, uri: null, _ => Task.FromResult(McpPrompts.Get(request.Params))),
                ListResourcesHandler = (request, cancellation) => GuardAsync(request, uri: null, caller => resources.ListAsync(caller, cancellation)),
                ListResourceTemplatesHandler = (_, _) => ValueTask.FromResult(resources.Templates()),
                ReadResourceHandler = (request, cancellation) => GuardAsync(request, request.Params.Uri, caller => resources.ReadAsync(caller, request.Params.Uri, cancellation)),
                SubscribeToResourcesHandler = (request, cancellation) => GuardAsync(request, request.Params.Uri, caller => FollowAsync(caller, session, request.Params.Uri, cancellation)),
                UnsubscribeFromResourcesHandler = (request, _) => ValueTask.FromResult(Leave(session, request.Params.Uri)),
                CompleteHandler = (request, cancellation) => GuardAsync(request, uri: null, caller => CompleteAsync(caller, request.Params, cancellation)),
            },
        };
        foreach (var change in changes)
        {
            change.PostConfigure(Options.DefaultName, options);
        }

        return options;
    }

    private async Task<EmptyResult> FollowAsync(Caller caller, McpSession? session, string uri, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            throw ParleyError.Invalid("Mcp-Session-Id", "Without a session there is nothing to tell of changes on.", "Send the Mcp-Session-Id that 'initialize' was answered with, and open a stream with GET.");
        }

        await resources.FollowAsync(caller, uri, session.Subscriptions, cancellationToken);
        return new EmptyResult();
    }

    private static EmptyResult Leave(McpSession? session, string uri)
    {
        session?.Subscriptions.Remove(uri);
        return new EmptyResult();
    }

    /// <summary>Names of agents, where one is asked for.</summary>
    private async Task<CompleteResult> CompleteAsync(Caller caller, CompleteRequestParams request, CancellationToken cancellationToken)
    {
        var begun = request.Argument.Value;
        var names = request.Argument.Name is "to" or "name" ? await resources.NamesAsync(caller, cancellationToken) : [];
        string[] found = [.. names.Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Take(100)];
        return new CompleteResult { Completion = new Completion { Values = found, Total = found.Length, HasMore = false } };
    }

    private async ValueTask<TResult> GuardAsync<TParams, TResult>(RequestContext<TParams> request, string? uri, Func<Caller, Task<TResult>> work)
    {
        try
        {
            return await work(request.Services!.GetRequiredService<Caller>());
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or McpException))
        {
            var error = ErrorMap.From(fault);
            if (error.Code == ErrorCode.Internal)
            {
                Failed(log, fault, request.JsonRpcRequest.Method);
            }

            throw McpRefusal.Of(error, uri, Envelope.StandsAlone(request.JsonRpcRequest.Context?.ProtocolVersion));
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} failed")]
    private static partial void Failed(ILogger log, Exception fault, string method);
}
