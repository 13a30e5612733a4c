using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Server.Tests.Support;
using HostedAgent = Parley.Core.Turns.HostedAgent;

namespace Parley.Server.Tests.Schedules;

/// <summary>What tests of schedules need of a server.</summary>
internal static class ScheduleHouse
{
    /// <summary>Adds an agent of which the server believes that it runs it; its token reads what was posted to it.</summary>
    public static async Task<TestAgent> HostedAsync(this TestServer server, string name)
    {
        var agent = await server.AgentAsync(name);
        var database = server.Services.GetRequiredService<IDatabase>();
        await database.WriteAsync(
            async unit =>
            {
                var organization = (await unit.Organizations.ListAsync())[0];
                unit.Hosting.Save(new HostedAgent(agent.Id, organization.Id, HostedAgent.ModelRuntime, "demo/echo", TimeProvider.System.GetUtcNow()));
                return true;
            },
            CancellationToken.None);
        return agent;
    }
}
