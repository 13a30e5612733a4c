using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Parley.Core;
using Parley.Server.Errors;

namespace Parley.Server.Mcp;

/// <summary>The tools of Parley for agents that speak the Model Context Protocol. Each binds its arguments to one use case.</summary>
internal sealed partial class McpTools
{
    /// <summary>How long a client may keep the list; a new version of Parley may have other tools.</summary>
    private static readonly TimeSpan KeepList = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, McpTool> tools;
    private readonly Tool[] definitions;
    private readonly TimeProvider time;
    private readonly ILogger<McpTools> log;

    public McpTools(MessageTools messages, ChannelTools channels, SubagentTools sessions, MeetingTool meeting, TimeProvider time, ILogger<McpTools> log)
    {
        (this.time, this.log) = (time, log);
        McpTool[] all = [.. messages.Tools, .. channels.Tools, .. sessions.Tools, meeting.Tool];
        definitions = [.. all.Select(tool => tool.Definition)];
        tools = all.ToDictionary(tool => tool.Definition.Name, StringComparer.Ordinal);
    }

    /// <summary>What a client is told of them, the same for everybody.</summary>
    public ListToolsResult List() => new() { Tools = [.. definitions], TimeToLive = KeepList, CacheScope = CacheScope.Public };

    /// <summary>Runs a call in the name of the request's caller. Refusals are results that say what to do.</summary>
    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var name = request.Params?.Name ?? "";
        if (!tools.TryGetValue(name, out var tool))
        {
            throw new McpProtocolException($"There is no tool '{(name.Length > 60 ? name[..60] + "…" : name)}'. There are: {string.Join(", ", tools.Keys)}.", McpErrorCode.InvalidParams);
        }

        try
        {
            var arguments = new ToolArguments(tool.Definition, request.Params!.Arguments);
            arguments.Check();
            return await tool.RunAsync(new McpCall(request.Services!.GetRequiredService<Caller>(), arguments, request, time, cancellationToken));
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var error = ErrorMap.From(fault);
            if (error.Code == ErrorCode.Internal)
            {
                Failed(log, fault, name);
            }

            return ToolAnswer.Of(error);
        }
    }

    [LoggerMessage(LogLevel.Error, "The tool {Tool} failed")]
    private static partial void Failed(ILogger log, Exception fault, string tool);
}
