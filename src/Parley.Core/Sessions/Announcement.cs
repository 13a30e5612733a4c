using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Sessions;

/// <summary>Posts a session's result where more than its parent read it.</summary>
public static class Announcement
{
    private const string Channel = "channel:";

    /// <summary>The address as it is stored, or null for none. Throws <c>invalid_request</c> for another form, and <c>not_member</c> where the agent cannot post there.</summary>
    internal static async ValueTask<string?> CheckedAsync(IUnitOfWork unit, Agent agent, string? announce)
    {
        if (string.IsNullOrWhiteSpace(announce))
        {
            return null;
        }

        var wanted = announce.Trim();
        var name = (wanted.StartsWith(Channel, StringComparison.OrdinalIgnoreCase) ? wanted[Channel.Length..] : wanted.StartsWith('#') ? wanted[1..] : "").ToLowerInvariant();
        if (!Name.HasForm(name))
        {
            throw ParleyError.Invalid("announce", $"'{(wanted.Length > 60 ? wanted[..60] : wanted)}' is no place for a result.", "Name a channel: channel:general");
        }

        foreach (var project in await unit.Organizations.ListProjectsAsync(agent.OrganizationId))
        {
            if (await unit.Conversations.FindChannelAsync(project.Id, name) is { } channel && await unit.Conversations.IsMemberAsync(channel.Id, agent.Id))
            {
                return $"{Channel}{name}@{project.Id}";
            }
        }

        throw new ParleyError(ErrorCode.NotMember, $"'{agent.Name}' is in no channel '{name}'.", $"Let it join first: parley channel join {name} --as {agent.Name}") { Field = "announce" };
    }

    /// <summary>The post of a result.</summary>
    internal static SendInput PostOf(Subagent session, string text)
    {
        var parts = session.Announce![Channel.Length..].Split('@', 2);
        return new SendInput { To = "#" + parts[0], Project = parts[1], Type = "result", Content = text, Key = $"session:{session.Id:N}:announce", Mentions = [] };
    }

    /// <summary>The place as a person names it.</summary>
    public static string NameOf(string announce) => announce.Split('@', 2)[0];
}
