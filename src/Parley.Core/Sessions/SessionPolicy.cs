using Parley.Core.Agents;

namespace Parley.Core.Sessions;

/// <summary>What people allow agents to do with sessions: who may spawn whom, on which models, and how much. Read from <c>parley.json</c>; the defaults hold without one.</summary>
public sealed record SessionPolicy
{
    /// <summary>Stands for every agent in a list of names.</summary>
    public const string Everyone = "*";

    /// <summary>The most that <c>maxChildrenPerAgent</c> may be set to (the founding document's table).</summary>
    public const int MostChildren = 10;

    /// <summary>The longest time that a session may be given.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    /// <summary><c>tools.agentToAgent.enabled</c>: whether agents may use the session tools with each other at all.</summary>
    public bool AgentToAgent { get; init; } = true;

    /// <summary><c>tools.agentToAgent.allow</c>: who may be part of it, by name; null where the file does not say, which restricts nobody and links nobody.</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary><c>agents.list[].subagents</c>, by the name of the agent.</summary>
    public IReadOnlyDictionary<string, AgentSessionPolicy> Agents { get; init; } = new Dictionary<string, AgentSessionPolicy>();

    /// <summary><c>agents.defaults.subagents</c>: what holds where an agent's own entry says nothing.</summary>
    public AgentSessionPolicy Defaults { get; init; } = new();

    /// <summary><c>agents.defaults.models</c>: the models that a spawn may name; null allows all that the server knows.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary><c>models.providers</c>: the models by provider that the server is to know; a provider without a list knows all of its own. Null where the file does not say.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?>? Providers { get; init; }

    /// <summary><c>agents.defaults.subagents.maxConcurrent</c>: sub-agents that run at once on the whole system, 1–10,000.</summary>
    public int MaxConcurrent { get; init; } = 10;

    /// <summary>How deep a spawned session may spawn again; 1 lets only main and meeting sessions spawn. 1–10.</summary>
    public int MaxSpawnDepth { get; init; } = 3;

    /// <summary>The time of a session that asks for none.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After how long without a stored step the guardian ends a running session.</summary>
    public TimeSpan NoProgress { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The tokens that one session may use; null is no limit.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>The money that one session may use, in millionths of a dollar; null is no limit.</summary>
    public long? MaxCost { get; init; }

    /// <summary>Whether a person approves every spawn of an agent before it starts (<c>agents.defaults.subagents.hold</c>).</summary>
    public bool HoldSpawns { get; init; }

    /// <summary>Whether a spawn that names a model it may not have is refused, instead of running on the default with a warning (<c>agents.defaults.subagents.refuseInvalidModel</c>).</summary>
    public bool RefuseInvalidModel { get; init; }

    /// <summary>Whom the agent may spawn: only itself where nobody said otherwise.</summary>
    public IReadOnlyList<string> AllowedFor(string agent) => Of(agent)?.AllowAgents ?? Defaults.AllowAgents ?? [agent];

    /// <summary>How many of its children may run or wait at once.</summary>
    public int ChildrenFor(string agent) => Of(agent)?.MaxChildren ?? Defaults.MaxChildren ?? 5;

    /// <summary>Whether the agent may use the session tools at all.</summary>
    public bool MayTalk(string agent) => AgentToAgent && (Allow is null || Allow.Contains(Everyone) || Allow.Contains(agent));

    /// <summary>The model of a sub-agent of that name where the spawn names none, or null for the agent's own.</summary>
    public string? ModelFor(string agent) => Of(agent)?.Model ?? Defaults.Model;

    /// <summary>The same policy with each alias of the agent read as its name, so that people may write either.</summary>
    public SessionPolicy Knowing(Agent agent) => agent.Aliases.Count == 0 ? this : this with
    {
        Allow = Named(Allow, agent),
        Agents = Agents.Where(entry => entry.Key == agent.Name || !agent.IsCalled(entry.Key) || !Agents.ContainsKey(agent.Name))
            .GroupBy(entry => agent.IsCalled(entry.Key) ? agent.Name : entry.Key)
            .ToDictionary(entries => entries.Key, entries => entries.First().Value with { AllowAgents = Named(entries.First().Value.AllowAgents, agent) }),
        Defaults = Defaults with { AllowAgents = Named(Defaults.AllowAgents, agent) },
    };

    private static List<string>? Named(IReadOnlyList<string>? names, Agent agent) => names?.Select(name => agent.IsCalled(name) ? agent.Name : name).Distinct().ToList();

    private AgentSessionPolicy? Of(string agent) => Agents.GetValueOrDefault(agent);
}

/// <summary>What holds for one agent; null is what holds for all.</summary>
public sealed record AgentSessionPolicy
{
    /// <summary><c>subagents.allowAgents</c>: whom it may spawn; <c>*</c> is everyone.</summary>
    public IReadOnlyList<string>? AllowAgents { get; init; }

    /// <summary><c>subagents.model</c>: the model of this agent when it runs as a sub-agent.</summary>
    public string? Model { get; init; }

    /// <summary><c>subagents.maxChildrenPerAgent</c>, 1–10.</summary>
    public int? MaxChildren { get; init; }
}

/// <summary>The policy as it is now; a changed file is seen without a restart.</summary>
public interface ISessionPolicy
{
    /// <summary>The newest policy that was free of faults.</summary>
    SessionPolicy Current { get; }
}
