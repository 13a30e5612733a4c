using System.Text.Json;
using Parley.Core.Agents;
using Parley.Core.Turns;

namespace Parley.Storage.Stores;

internal sealed class HostingStore(Session session) : IHostingStore
{
    private const string Columns =
        "agent_id, organization_id, runtime, model, fallback_model, persona, max_output_tokens, context_tokens, time_limit, tools, created_at, program";

    public void Save(HostedAgent hosted)
    {
        session.Queue(
            $"""
            insert into hosted_agents ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (agent_id) do update set runtime = excluded.runtime, model = excluded.model, fallback_model = excluded.fallback_model, persona = excluded.persona,
                max_output_tokens = excluded.max_output_tokens, context_tokens = excluded.context_tokens, time_limit = excluded.time_limit, tools = excluded.tools, program = excluded.program
            """,
            hosted.AgentId, hosted.OrganizationId, hosted.Runtime, hosted.Model, hosted.FallbackModel, hosted.Persona, hosted.MaxOutputTokens, hosted.ContextTokens,
            hosted.TimeLimit.Ticks / TimeSpan.TicksPerMicrosecond, JsonSerializer.Serialize(hosted.Tools), hosted.CreatedAt,
            hosted.Program is null ? null : JsonSerializer.Serialize(hosted.Program));
        SetKind(hosted.AgentId, AgentKind.Hosted);
    }

    public void Remove(Guid agentId)
    {
        session.Queue("delete from hosted_agents where agent_id = $1", agentId);
        SetKind(agentId, AgentKind.External);
    }

    public ValueTask<HostedAgent?> FindAsync(Guid organizationId, Guid agentId) =>
        session.FirstAsync($"select {Columns} from hosted_agents where agent_id = $1 and organization_id = $2", Hosted, agentId, organizationId);

    public ValueTask<List<Guid>> IdsAsync() => session.ListAsync("select agent_id from hosted_agents", row => row.Guid(0));

    private void SetKind(Guid agentId, AgentKind kind) => session.Queue("update agents set kind = $2 where id = $1", agentId, Names<AgentKind>.Of(kind));

    private static HostedAgent Hosted(Row row) => new(row.Guid(0), row.Guid(1), row.Text(2), row.Text(3), row.Time(10))
    {
        FallbackModel = row.TextOrNull(4),
        Persona = row.TextOrNull(5),
        MaxOutputTokens = row.Int(6),
        ContextTokens = row.Int(7),
        TimeLimit = TimeSpan.FromTicks(row.Long(8) * TimeSpan.TicksPerMicrosecond),
        Tools = JsonSerializer.Deserialize<ToolServer[]>(row.Text(9)) ?? [],
        Program = row.TextOrNull(11) is { } program ? JsonSerializer.Deserialize<HostedProgram>(program) : null,
    };
}
