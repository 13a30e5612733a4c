using System.Globalization;

namespace Parley.Core.Sessions;

/// <summary>Decides whether a session may be spawned, on which model and within which limits. Pure.</summary>
public static class SpawnRules
{
    /// <summary>Where a refused spawn is allowed.</summary>
    private const string File = "parley.json";

    /// <summary>Throws <c>forbidden</c> where an agent may not spawn that other one.</summary>
    public static void CheckPermission(SessionPolicy policy, string parent, string child)
    {
        CheckTalk(policy, parent, child);
        if (!IsAllowed(policy, parent, child))
        {
            throw new ParleyError(
                ErrorCode.Forbidden, $"Forbidden: '{parent}' may not spawn '{child}'; it may spawn {string.Join(", ", policy.AllowedFor(parent))}.",
                $"A person can add \"{child}\" to agents.list[].subagents.allowAgents of '{parent}' in {File}; it takes effect at once.");
        }
    }

    /// <summary>Whether an agent may spawn that other one.</summary>
    public static bool MaySpawn(SessionPolicy policy, string parent, string child) =>
        policy.AgentToAgent && policy.MayTalk(parent) && policy.MayTalk(child) && IsAllowed(policy, parent, child);

    /// <summary>Throws <c>forbidden</c> where two agents may not use the session tools with each other.</summary>
    public static void CheckTalk(SessionPolicy policy, string one, string other)
    {
        if (!policy.AgentToAgent)
        {
            throw new ParleyError(ErrorCode.Forbidden, "Forbidden: agent-to-agent messaging is switched off.", $"A person can set tools.agentToAgent.enabled to true in {File}.");
        }

        if (!policy.MayTalk(one) || !policy.MayTalk(other))
        {
            var missing = policy.MayTalk(one) ? other : one;
            throw new ParleyError(ErrorCode.Forbidden, $"Forbidden: '{missing}' is not in tools.agentToAgent.allow.", $"A person can add it there in {File}.");
        }
    }

    /// <summary>Throws <c>maxChildrenPerAgent</c> where an agent has spawned too many sessions that have not ended.</summary>
    public static void CheckChildren(SessionPolicy policy, string parent, int open)
    {
        var most = policy.ChildrenFor(parent);
        if (open >= most)
        {
            throw new ParleyError(
                ErrorCode.MaxChildrenPerAgent, string.Create(CultureInfo.InvariantCulture, $"maxChildrenPerAgent: too many concurrent spawns; '{parent}' has {open} of {most} open."),
                most >= SessionPolicy.MostChildren ? "Wait for completion: no more are possible." : $"Wait for completion or increase limit: {KeyOf(policy, parent)} in {File}, at most {SessionPolicy.MostChildren}.")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
    }

    /// <summary>The key that the limit of the agent comes from.</summary>
    private static string KeyOf(SessionPolicy policy, string parent) => policy.Agents.GetValueOrDefault(parent)?.MaxChildren is null
        ? "agents.defaults.subagents.maxChildrenPerAgent"
        : $"agents.list[].subagents.maxChildrenPerAgent of '{parent}'";

    /// <summary>Throws <c>too_deep</c> where that level is below what a session may spawn.</summary>
    public static void CheckLevel(SessionPolicy policy, int level)
    {
        if (level > policy.MaxSpawnDepth)
        {
            throw new ParleyError(
                ErrorCode.TooDeep, string.Create(CultureInfo.InvariantCulture, $"A spawned session may spawn {policy.MaxSpawnDepth - 1} levels deep (maxSpawnDepth {policy.MaxSpawnDepth})."),
                $"Do it in this session, or let a person raise agents.defaults.subagents.maxSpawnDepth in {File}.");
        }
    }

    /// <summary>The model that is run, with a warning where it is not the one asked for. Throws <c>unknown_model</c> and <c>model_not_allowed</c> where the policy refuses such a spawn.</summary>
    /// <param name="policy">What people allow.</param>
    /// <param name="agent">The agent that is spawned.</param>
    /// <param name="own">The agent's own model.</param>
    /// <param name="asked">The model that the spawn names, or null.</param>
    /// <param name="isKnown">Whether the server knows a model.</param>
    public static (string Model, string? Warning) ModelOf(SessionPolicy policy, string agent, string own, string? asked, Func<string, bool> isKnown)
    {
        var usual = policy.ModelFor(agent) ?? own;
        if (asked is null || asked == usual)
        {
            return (usual, null);
        }

        var refusal = RefusalOf(policy, asked, isKnown);
        if (refusal is null)
        {
            return (asked, null);
        }

        return policy.RefuseInvalidModel ? throw refusal : (usual, $"{refusal.Message} '{usual}' is used instead. {refusal.Fix}");
    }

    /// <summary>What is said of a spawn that names a model for an agent whose program has its own; null where it names none.</summary>
    public static string? ProgramWarning(string agent, string own, string? asked) => asked is null || asked == own
        ? null
        : $"'{agent}' is run by a program, whose model is chosen where it is hosted; '{own}' is used.";

    /// <summary>How long the session may take. Throws <c>invalid_request</c>.</summary>
    public static TimeSpan TimeoutOf(SessionPolicy policy, TimeSpan? asked) => (asked ?? policy.Timeout) is var time && time > TimeSpan.Zero && time <= SessionPolicy.LongestTimeout
        ? time
        : throw ParleyError.Invalid("timeout", "The time of a session is over 24 hours, or nothing.", "Ask for a time such as 15m; a session is never without an end.");

    /// <summary>The smaller of what is asked for and what is allowed. Throws <c>invalid_request</c> for less than nothing.</summary>
    public static long? LimitOf(long? allowed, long? asked, string field) => asked < 0
        ? throw ParleyError.Invalid(field, "The limit is below zero.", "Use 0 or more, or leave it out.")
        : asked is { } wanted && allowed is { } most ? Math.Min(wanted, most) : asked ?? allowed;

    private static bool IsAllowed(SessionPolicy policy, string parent, string child) =>
        policy.AllowedFor(parent) is var allowed && (allowed.Contains(child) || allowed.Contains(SessionPolicy.Everyone));

    private static ParleyError? RefusalOf(SessionPolicy policy, string model, Func<string, bool> isKnown)
    {
        if (!isKnown(model) || !IsProvided(policy, model))
        {
            return new ParleyError(ErrorCode.UnknownModel, $"Unknown model: '{Shorten(model)}' is not in the allowed list.", "Add to `models.providers`.") { Field = "model" };
        }

        return policy.Models is { } models && !models.Contains(model)
            ? new ParleyError(ErrorCode.ModelNotAllowed, $"Model not allowed: '{model}' is not in agents.defaults.models.", "Add entry with `{}` params.") { Field = "model" }
            : null;
    }

    private static bool IsProvided(SessionPolicy policy, string model)
    {
        if (policy.Providers is not { } providers)
        {
            return true;
        }

        var slash = model.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && providers.TryGetValue(model[..slash], out var models) && (models is null || models.Contains(model[(slash + 1)..]));
    }

    private static string Shorten(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
