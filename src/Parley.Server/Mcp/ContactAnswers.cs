using System.Text.Json.Nodes;
using Parley.Core.Agents;
using Parley.Core.Links;

namespace Parley.Server.Mcp;

/// <summary>An agent as another one's model reads of it.</summary>
internal static class ContactAnswers
{
    public static JsonObject Of(AgentOverview agent)
    {
        var shown = new JsonObject { ["name"] = agent.Agent.Name };
        if (agent.Agent.Type.Length > 0)
        {
            shown["type"] = agent.Agent.Type;
        }

        if (agent.Agent.Description.Length > 0)
        {
            shown["about"] = agent.Agent.Description;
        }

        if (agent.Agent.Skills.Count > 0)
        {
            shown["skills"] = string.Join(' ', agent.Agent.Skills);
        }

        if (agent.Halted)
        {
            shown["halted"] = true;
        }

        return shown;
    }

    /// <summary>What may still be sent over a link.</summary>
    public static void AddCredits(JsonObject shown, LinkOverview link)
    {
        var settings = link.Link.Settings;
        shown["credits_left"] = link.State?.CreditsRemaining ?? settings.MessagesPerWindow;
        shown["limit"] = $"{settings.MessagesPerWindow} messages / {settings.WindowHours} hours";
    }
}
