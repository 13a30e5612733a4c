using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>Which other names and skills an agent may have. Pure, but for the question who has a name already.</summary>
public static class AliasRules
{
    /// <summary>Aliases of one agent, at the most.</summary>
    public const int MostAliases = 8;

    /// <summary>Skills of one agent, at the most.</summary>
    public const int MostSkills = 32;

    /// <summary>The aliases in lower case, each once, in the order given. Throws <c>invalid_request</c> for what is no name, is the agent's own, or is too many.</summary>
    public static IReadOnlyList<string> Aliases(string agent, IReadOnlyList<string> given)
    {
        var aliases = given.Select(alias => Name.Check(alias?.Trim().TrimStart('@'), "aliases")).Distinct().ToList();
        return aliases.Contains(agent) ? throw ParleyError.Invalid("aliases", $"'{agent}' is the agent's own name.", "Leave it out.")
            : aliases.Count > MostAliases ? throw ParleyError.Invalid("aliases", $"An agent has at most {MostAliases} aliases.", "Leave some out.")
            : aliases;
    }

    /// <summary>The skills in lower case, each once, in the order given. Throws <c>invalid_request</c> for what is no tag, or too many.</summary>
    public static IReadOnlyList<string> Skills(IReadOnlyList<string> given)
    {
        var skills = given.Select(skill => skill?.Trim().ToLowerInvariant() ?? "").Distinct().ToList();
        return skills.Find(skill => !Name.HasForm(skill)) is { } wrong
            ? throw ParleyError.Invalid("skills", $"'{(wrong.Length > 60 ? wrong[..60] + "…" : wrong)}' is not a skill.", "Use a short tag of letters a-z, digits, '-', '_' or '.', such as code-review.")
            : skills.Count > MostSkills ? throw ParleyError.Invalid("skills", $"An agent has at most {MostSkills} skills.", "Leave some out.")
            : skills;
    }

    /// <summary>Throws <c>conflict</c> where another agent has one of the names, as its own or as an alias.</summary>
    public static async ValueTask CheckFreeAsync(IUnitOfWork unit, Guid organizationId, Guid? agentId, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (await unit.Agents.FindAsync(organizationId, name) is { } other && other.Id != agentId)
            {
                throw other.Name == name
                    ? new ParleyError(ErrorCode.Conflict, $"There is an agent called '{name}' already.", "Choose another name, or remove it first: parley agent remove " + name)
                    : new ParleyError(ErrorCode.Conflict, $"'{name}' is an alias of the agent '{other.Name}'.", $"Choose another name, or take it away first: parley agent edit {other.Name} --remove-alias {name}");
            }
        }
    }
}
