using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Server.Live;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>What an agent's program does.</summary>
internal static class ActivityEndpoints
{
    public static void MapActivity(this RouteGroupBuilder api) =>
        api.MapPut("/me/activity", Say).WithTags("Agents").Document(
            "Say what you do", "busy, idle or gone; shown with the agent, kept in memory. Say it again every ten seconds: after 35 seconds of silence the agent is gone. Agents only.", Examples.Activity);

    private static NoContent Say(JsonBody<ActivityRequest> body, Activities activities, Caller caller)
    {
        caller.Require(Scopes.Read);
        if (!caller.IsAgent)
        {
            throw new ParleyError(ErrorCode.Forbidden, "Only an agent says what it does.", "Use an agent's token.");
        }

        activities.Say(caller.Id, body.Value.State switch
        {
            "busy" or "idle" or Activities.Gone => body.Value.State,
            _ => throw ParleyError.Invalid("state", "The state is busy, idle or gone.", "Send one of them."),
        });
        return TypedResults.NoContent();
    }
}
