namespace Parley.Server.Tests.Security;

/// <summary>What a route answers.</summary>
/// <param name="Route">Method and pattern.</param>
/// <param name="Body">A valid body, or null.</param>
/// <param name="Agent">The status for an agent with its own things.</param>
/// <param name="Stranger">The status for an agent of the same organization that has nothing to do with them.</param>
/// <param name="Owner">The status for the organization's owner.</param>
/// <param name="Open">True where no token is needed.</param>
public sealed record RouteRow(string Route, string? Body, int Agent, int Stranger, int Owner, bool Open = false)
{
    public HttpMethod Method => new(Route.Split(' ')[0]);

    public string Pattern => Route.Split(' ')[1];
}

/// <summary>Every route of the server with what it answers to whom. A route that is missing here fails the build.</summary>
public static class RouteTable
{
    public static readonly IReadOnlyList<RouteRow> Rows =
    [
        new("GET /health/live", null, 200, 200, 200, Open: true),
        new("GET /health/ready", null, 200, 200, 200, Open: true),
        new("GET /openapi/{documentName}.json", null, 200, 200, 200, Open: true),
        new("GET /ws", null, 400, 400, 400),
        new("GET /ws/agent/messages/{project}", null, 400, 400, 400),
        new("GET /ws/console", null, 400, 400, 400),
        new("POST /mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", 200, 200, 200),
        new("GET /mcp", null, 405, 405, 405),
        new("DELETE /mcp", null, 204, 204, 204),
        new("GET /.well-known/agent-card.json", null, 200, 200, 200, Open: true),
        new("GET /a2a/.well-known/agent-card.json", null, 200, 200, 200, Open: true),
        new("GET /a2a/{agent}/.well-known/agent-card.json", null, 200, 200, 200, Open: true),
        new("GET /a2a/{agent}/agent-card.json", null, 200, 200, 200, Open: true),
        new("POST /a2a/", """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"id":"00000000-0000-0000-0000-000000000001"}}""", 200, 200, 200),
        new("POST /a2a/message:send", """{"message":{"messageId":"a","role":"ROLE_USER","parts":[{"text":"who"}]}}""", 200, 200, 200),
        new("POST /a2a/message:stream", """{"message":{"messageId":"b","role":"ROLE_USER","parts":[{"text":"who"}]}}""", 200, 200, 200),
        new("GET /a2a/extendedAgentCard", null, 200, 200, 200),
        new("POST /a2a/{agent}/", """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"id":"00000000-0000-0000-0000-000000000001"}}""", 200, 200, 200),
        new("POST /a2a/{agent}/message:send", """{"message":{"messageId":"c","role":"ROLE_USER","parts":[{"text":"hi"}]},"configuration":{"returnImmediately":true}}""", 200, 403, 200),
        new("POST /a2a/{agent}/message:stream", """{"message":{"messageId":"d","role":"ROLE_USER","parts":[{"text":"hi"}]}}""", 200, 403, 200),
        new("GET /a2a/{agent}/extendedAgentCard", null, 200, 200, 200),
        new("GET /a2a/{agent}/tasks", null, 200, 200, 200),
        new("GET /a2a/{agent}/tasks/{id}", null, 200, 404, 404),
        new("POST /a2a/{agent}/tasks/{id}:cancel", null, 200, 404, 404),
        new("GET /a2a/{agent}/tasks/{id}:subscribe", null, 200, 404, 404),
        new("POST /a2a/{agent}/tasks/{id}:subscribe", null, 200, 404, 404),
        new("GET /a2a/{agent}/tasks/{id}/pushNotificationConfigs", null, 200, 404, 404),
        new("POST /a2a/{agent}/tasks/{id}/pushNotificationConfigs", """{"url":"https://example.org"}""", 200, 404, 404),
        new("GET /a2a/{agent}/tasks/{id}/pushNotificationConfigs/{config}", null, 404, 404, 404),
        new("DELETE /a2a/{agent}/tasks/{id}/pushNotificationConfigs/{config}", null, 200, 404, 404),
        new("GET /api/v1/server", null, 200, 200, 200),
        new("GET /api/v1/nodes/", null, 403, 403, 200),
        new("POST /api/v1/nodes/{node}/drain", null, 403, 403, 409),
        new("DELETE /api/v1/nodes/{node}/drain", null, 403, 403, 409),
        new("GET /api/v1/me", null, 200, 200, 200),
        new("PUT /api/v1/me/activity", """{"state":"busy"}""", 204, 204, 403),
        new("GET /api/v1/config", null, 403, 403, 200),
        new("POST /api/v1/messages/", """{"to":"aaron","content":"hi"}""", 200, 403, 200),
        new("GET /api/v1/messages/", null, 200, 200, 200),
        new("GET /api/v1/messages/{id}", null, 200, 404, 200),
        new("GET /api/v1/messages/{id}/deliveries", null, 200, 404, 200),
        new("GET /api/v1/conversations", null, 200, 200, 200),
        new("GET /api/v1/inbox/", null, 200, 200, 403),
        new("POST /api/v1/inbox/ack", """{"cursor":"0"}""", 200, 200, 403),
        new("POST /api/v1/inbox/{number:long}/reject", """{"reason":"no"}""", 404, 404, 403),
        new("GET /api/v1/inbox/stream", null, 200, 200, 403),
        new("GET /api/v1/agents/", null, 200, 200, 200),
        new("POST /api/v1/agents/", """{"name":"newbie"}""", 403, 403, 201),
        new("GET /api/v1/agents/{name}", null, 200, 200, 200),
        new("PATCH /api/v1/agents/{name}", """{"hold":true}""", 403, 403, 200),
        new("DELETE /api/v1/agents/{name}", null, 403, 403, 204),
        new("GET /api/v1/agents/{name}/doors", null, 403, 403, 200),
        new("GET /api/v1/agents/{name}/persona", null, 403, 403, 409),
        new("POST /api/v1/agents/{name}/sql-role", null, 409, 409, 409),
        new("DELETE /api/v1/agents/{name}/sql-role", null, 403, 403, 404),
        new("PUT /api/v1/agents/{name}/host", """{"model":"demo/echo"}""", 403, 403, 400),
        new("GET /api/v1/agents/{name}/host", null, 403, 403, 409),
        new("DELETE /api/v1/agents/{name}/host", null, 403, 403, 409),
        new("POST /api/v1/agents/{name}/test", """{"text":"hi"}""", 403, 403, 409),
        new("GET /api/v1/models", null, 403, 403, 200),
        new("GET /api/v1/roots", null, 403, 403, 200),
        new("GET /api/v1/roots/{id}", null, 403, 403, 404),
        new("GET /api/v1/spend", null, 403, 403, 200),
        new("GET /api/v1/budgets", null, 403, 403, 200),
        new("PUT /api/v1/budgets", """{"day":{"scope":"organization","max_tokens":5}}""", 403, 403, 200),
        new("GET /api/v1/links/", null, 200, 200, 200),
        new("POST /api/v1/links/", """{"agent":"tesla","peer":"mallory"}""", 403, 403, 201),
        new("GET /api/v1/links/{id}", null, 200, 404, 200),
        new("PATCH /api/v1/links/{id}", """{"hold":true}""", 403, 403, 200),
        new("DELETE /api/v1/links/{id}", null, 403, 403, 204),
        new("GET /api/v1/projects/", null, 200, 200, 200),
        new("POST /api/v1/projects/", """{"name":"another"}""", 403, 403, 201),
        new("GET /api/v1/projects/{project}/channels", null, 200, 404, 200),
        new("POST /api/v1/projects/{project}/channels", """{"name":"another"}""", 403, 403, 201),
        new("POST /api/v1/projects/{project}/channels/{channel}/members", """{"agent":"mallory"}""", 403, 404, 200),
        new("DELETE /api/v1/projects/{project}/channels/{channel}/members", null, 200, 404, 400),
        new("DELETE /api/v1/projects/{project}/channels/{channel}/members/{agent}", null, 403, 404, 200),
        new("GET /api/v1/projects/{project}/leases/", null, 200, 404, 200),
        new("POST /api/v1/projects/{project}/leases/", """{"paths":["a/**"]}""", 201, 404, 403),
        new("PATCH /api/v1/projects/{project}/leases/{id}", """{"ttl":60}""", 200, 404, 403),
        new("DELETE /api/v1/projects/{project}/leases/{id}", null, 204, 404, 404),
        new("POST /api/v1/sessions/spawn", """{"agentId":"tesla","task":"work"}""", 202, 403, 202),
        new("POST /api/v1/sessions/send", """{"sessionKey":"agent:aaron:main","message":"hi","wait":0}""", 200, 403, 200),
        new("GET /api/v1/sessions/", null, 200, 200, 200),
        new("GET /api/v1/sessions/stats", null, 403, 403, 200),
        new("GET /api/v1/sessions/{session}", null, 200, 404, 200),
        new("GET /api/v1/sessions/{session}/log", null, 200, 404, 200),
        new("POST /api/v1/sessions/{session}/steer", """{"message":"left"}""", 200, 404, 200),
        new("POST /api/v1/sessions/{session}/kill", """{"reason":"enough"}""", 200, 404, 409),
        new("POST /api/v1/subagents", """{"action":"list"}""", 200, 200, 200),
        new("POST /api/v1/meetings/", """{"participants":["aaron"]}""", 403, 403, 201),
        new("GET /api/v1/meetings/", null, 200, 200, 200),
        new("GET /api/v1/meetings/{meeting}", null, 200, 404, 200),
        new("PATCH /api/v1/meetings/{meeting}", """{"chain_length":6}""", 403, 403, 200),
        new("POST /api/v1/meetings/{meeting}/participants/{agent}", null, 403, 403, 200),
        new("DELETE /api/v1/meetings/{meeting}/participants/{agent}", null, 403, 403, 200),
        new("POST /api/v1/meetings/{meeting}/messages", """{"content":"hello"}""", 200, 404, 200),
        new("POST /api/v1/meetings/{meeting}/respond/{agent}", null, 403, 403, 200),
        new("POST /api/v1/meetings/{meeting}/stop", null, 403, 403, 200),
        new("GET /api/v1/meetings/{meeting}/history", null, 200, 404, 200),
        new("GET /api/v1/meetings/{meeting}/stats", null, 200, 404, 200),
        new("GET /api/v1/meetings/{meeting}/export", null, 200, 404, 200),
        new("GET /api/v1/meetings/{meeting}/stream", null, 200, 404, 200),
        new("POST /api/v1/meetings/{meeting}/archive", null, 403, 403, 200),
        new("POST /api/v1/meetings/{meeting}/resume", null, 403, 403, 200),
        new("POST /api/v1/schedules/", """{"agent":"tesla","task":"Look","every_seconds":3600,"session":"main"}""", 403, 403, 201),
        new("GET /api/v1/schedules/", null, 403, 403, 200),
        new("GET /api/v1/schedules/{schedule}", null, 403, 403, 200),
        new("PATCH /api/v1/schedules/{schedule}", """{"task":"Look again"}""", 403, 403, 200),
        new("POST /api/v1/schedules/{schedule}/run", null, 403, 403, 200),
        new("POST /api/v1/schedules/{schedule}/pause", null, 403, 403, 200),
        new("POST /api/v1/schedules/{schedule}/resume", null, 403, 403, 200),
        new("GET /api/v1/schedules/{schedule}/history", null, 403, 403, 200),
        new("DELETE /api/v1/schedules/{schedule}", null, 403, 403, 204),
        new("POST /api/v1/webhooks/", """{"url":"http://127.0.0.1:9/hook","agent":"tesla"}""", 403, 403, 201),
        new("GET /api/v1/webhooks/", null, 403, 403, 200),
        new("GET /api/v1/webhooks/{webhook}", null, 403, 403, 200),
        new("POST /api/v1/webhooks/{webhook}/test", null, 403, 403, 200),
        new("POST /api/v1/webhooks/{webhook}/pause", null, 403, 403, 200),
        new("POST /api/v1/webhooks/{webhook}/resume", null, 403, 403, 200),
        new("POST /api/v1/webhooks/{webhook}/rotate", "{}", 403, 403, 200),
        new("POST /api/v1/webhooks/{webhook}/retry", "{}", 403, 403, 404),
        new("GET /api/v1/webhooks/{webhook}/calls", null, 403, 403, 200),
        new("DELETE /api/v1/webhooks/{webhook}", null, 403, 403, 204),
        new("POST /api/v1/remotes/", """{"url":"http://127.0.0.1:9/card.json"}""", 403, 403, 502),
        new("GET /api/v1/remotes/", null, 403, 403, 200),
        new("POST /api/v1/remotes/{agent}/refresh", null, 403, 403, 404),
        new("POST /api/v1/remotes/{agent}/test", "{}", 403, 403, 404),
        new("GET /api/v1/meeting-templates", null, 200, 200, 200),
        new("GET /api/v1/users", null, 403, 403, 200),
        new("POST /api/v1/users", """{"name":"maria"}""", 403, 403, 201),
        new("GET /api/v1/tokens", null, 403, 403, 200),
        new("POST /api/v1/tokens", """{"agent":"tesla"}""", 403, 403, 201),
        new("DELETE /api/v1/tokens/{id}", null, 403, 403, 204),
        new("GET /api/v1/features", null, 200, 200, 200),
        new("PATCH /api/v1/features", """{"meetings":false}""", 403, 403, 200),
        new("GET /api/v1/audit", null, 403, 403, 200),
        new("GET /api/v1/halts/", null, 403, 403, 200),
        new("POST /api/v1/halts/", """{"scope":"agent","target":"aaron"}""", 403, 403, 201),
        new("DELETE /api/v1/halts/{scope}", null, 403, 403, 404),
        new("DELETE /api/v1/halts/{scope}/{target}", null, 403, 403, 404),
        new("GET /api/v1/holds/", null, 403, 403, 200),
        new("POST /api/v1/holds/{message}/approve", "{}", 403, 403, 404),
        new("POST /api/v1/holds/{message}/refuse", "{}", 403, 403, 404),
        new("GET /api/v1/holds/rules", null, 403, 403, 200),
        new("PUT /api/v1/holds/types/{type}", null, 403, 403, 204),
        new("DELETE /api/v1/holds/types/{type}", null, 403, 403, 204),
        new("GET /api/v1/attention", null, 403, 403, 200),
        new("POST /api/v1/attention/{id}/resolve", null, 403, 403, 404),
        new("GET /api/v1/obligations", null, 200, 200, 200),
        new("GET /api/v1/permissions/", null, 403, 403, 200),
        new("POST /api/v1/permissions/{id}/allow", null, 403, 403, 404),
        new("POST /api/v1/permissions/{id}/deny", null, 403, 403, 404),
        new("GET /api/v1/dead/", null, 403, 403, 200),
        new("POST /api/v1/dead/{message}/{agent}/retry", null, 403, 403, 409),
        new("GET /api/v1/export", null, 403, 403, 200),
        new("POST /api/v1/backup", null, 403, 403, 200),
        new("POST /api/v1/restore", "{}", 403, 403, 400),
        new("GET /api/v1/doctor", null, 403, 403, 200),
        new("POST /api/v1/console/links", "{}", 403, 403, 201),
        new("POST /api/v1/console/sign-in", """{"link":"pl_none"}""", 403, 403, 403, Open: true),
        new("POST /api/v1/console/sign-out", null, 403, 403, 409),
        new("GET /api/v1/console/sessions", null, 403, 403, 200),
        new("DELETE /api/v1/console/sessions/{id}", null, 403, 403, 204),
        new("GET /api/v1/console/turns", null, 403, 403, 200),
        new("GET /api/v1/console/rate", null, 403, 403, 200),
    ];

    /// <summary>The address of a route for certain things.</summary>
    public static string Fill(RouteRow row, Things things)
    {
        var id = row.Pattern.Contains("/links/", StringComparison.Ordinal) ? things.Link
            : row.Pattern.Contains("/tokens/", StringComparison.Ordinal) || row.Pattern.Contains("/console/sessions/", StringComparison.Ordinal) ? things.Token
            : row.Pattern.Contains("/leases/", StringComparison.Ordinal) ? things.Lease
            : row.Pattern.Contains("/tasks/", StringComparison.Ordinal) ? things.Task
            : things.Message;
        return row.Pattern.Replace("{id}", id, StringComparison.Ordinal).Replace("{message}", things.Message, StringComparison.Ordinal).Replace("{meeting}", things.Meeting, StringComparison.Ordinal).Replace("{session}", things.Session, StringComparison.Ordinal)
            .Replace("{schedule}", things.Schedule, StringComparison.Ordinal).Replace("{config}", things.Task, StringComparison.Ordinal).Replace("{node}", "db1:1", StringComparison.Ordinal)
            .Replace("{webhook}", things.Webhook, StringComparison.Ordinal)
            .Replace("{name}", things.Agent, StringComparison.Ordinal).Replace("{agent}", things.Agent, StringComparison.Ordinal).Replace("{target}", things.Agent, StringComparison.Ordinal)
            .Replace("{project}", things.Project, StringComparison.Ordinal).Replace("{channel}", things.Channel, StringComparison.Ordinal)
            .Replace("{type}", "discovery", StringComparison.Ordinal)
            .Replace("{number:long}", "1", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{scope}", row.Pattern.Contains("{target}", StringComparison.Ordinal) ? "agent" : "organization", StringComparison.Ordinal);
    }

    /// <summary>Whether the route names something by id or name.</summary>
    public static bool NamesSomething(RouteRow row) => row.Pattern.Contains('{', StringComparison.Ordinal)
        && !row.Pattern.Contains("{documentName}", StringComparison.Ordinal) && !row.Pattern.Contains("{number", StringComparison.Ordinal) && !row.Pattern.EndsWith("{scope}", StringComparison.Ordinal)
        && !row.Pattern.EndsWith("{type}", StringComparison.Ordinal);
}
