using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Security;

namespace Parley.Server.Live;

/// <summary>By which doors agents come in, on this node and in memory only.</summary>
internal sealed class Doors(TimeProvider time)
{
    /// <summary>Calls that come within that time of each other count as one use.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(Guid AgentId, string Door), Use> uses = new();

    /// <summary>Notes the request of an agent for as long as it lasts. What a running turn asks for itself is no door of its agent.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.RequestServices.GetRequiredService<CallerSlot>().Known is { IsAgent: true, Origin: null } caller && NameOf(context.Request.Path) is { } door
            ? NoteAsync(uses.GetOrAdd((caller.Id, door), static _ => new Use()), context, next)
            : next(context);

    /// <summary>The doors that the agent has used since the server began.</summary>
    public IReadOnlyList<DoorUse> Of(Guid agentId)
    {
        var now = time.GetUtcNow();
        return [.. uses.Where(pair => pair.Key.AgentId == agentId).Select(pair => pair.Value.Read(pair.Key.Door, now)).OrderBy(use => use.Door, StringComparer.Ordinal)];
    }

    private static string? NameOf(PathString path) => path.StartsWithSegments("/api/v1/inbox/stream", StringComparison.Ordinal) ? "sse"
        : path.StartsWithSegments("/api", StringComparison.Ordinal) ? "http"
        : path.StartsWithSegments("/mcp", StringComparison.Ordinal) ? "mcp"
        : path.StartsWithSegments("/a2a", StringComparison.Ordinal) ? "a2a"
        : path.StartsWithSegments("/ws", StringComparison.Ordinal) ? "websocket" : null;

    private async Task NoteAsync(Use use, HttpContext context, RequestDelegate next)
    {
        use.Begin(time.GetUtcNow());
        try
        {
            await next(context);
        }
        finally
        {
            use.End(time.GetUtcNow());
        }
    }

    private sealed class Use
    {
        private readonly Lock gate = new();
        private int open;
        private DateTimeOffset since;
        private DateTimeOffset last;

        public void Begin(DateTimeOffset now)
        {
            lock (gate)
            {
                since = open == 0 && now - last > Quiet ? now : since;
                (last, open) = (now, open + 1);
            }
        }

        public void End(DateTimeOffset now)
        {
            lock (gate)
            {
                (last, open) = (now, open - 1);
            }
        }

        public DoorUse Read(string door, DateTimeOffset now)
        {
            lock (gate)
            {
                return new DoorUse(door, open, now - last <= Quiet, since, open > 0 ? now : last);
            }
        }
    }
}

/// <summary>How an agent uses a door.</summary>
/// <param name="Door">Which.</param>
/// <param name="Open">Connections or calls that are open.</param>
/// <param name="IsRecent">Whether it was used lately.</param>
/// <param name="Since">When this use began.</param>
/// <param name="LastAt">When it was last used.</param>
internal sealed record DoorUse(string Door, int Open, bool IsRecent, DateTimeOffset Since, DateTimeOffset LastAt);
