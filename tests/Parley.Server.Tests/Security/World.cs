using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Channels;
using Parley.Core.Links;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Outbound;
using Parley.Core.Schedules;
using Parley.Core.Sessions;
using Parley.Core.Tasks;
using Parley.Core.Webhooks;
using Parley.Server.Tests.Outbound;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Security;

/// <summary>The ids and names that a route may be asked for, of one organization.</summary>
public sealed record Things(string Message, string Agent, string Link, string Token, string Project, string Channel, string Lease, string Meeting, string Session, string Schedule, string Webhook, string Task);

/// <summary>Two organizations on one server, each with one of everything; and what was deleted of the first.</summary>
public sealed class World(TestServer server) : IAsyncDisposable
{
    private static readonly string[] Work = ["src/**"];
    private static readonly string[] Room = ["tesla", "aaron"];
    private static readonly string[] OldWork = ["doc/**"];
    private static readonly CancellationToken Always = CancellationToken.None;

    public TestServer Server => server;

    /// <summary>An agent that is linked with aaron and in #general.</summary>
    public required TestAgent Tesla { get; init; }

    /// <summary>An agent of the same organization without links and channels.</summary>
    public required TestAgent Mallory { get; init; }

    public required HttpClient ForeignOwner { get; init; }

    public required HttpClient ForeignAgent { get; init; }

    public required Things Own { get; init; }

    public required Things Foreign { get; init; }

    public required Things Deleted { get; init; }

    /// <summary>What never existed.</summary>
    public static Things Random() => new(NewId(), "n" + Guid.NewGuid().ToString("N")[..12], NewId(), NewId(), NewId(), "c" + Guid.NewGuid().ToString("N")[..12], NewId(), NewId(), NewId(), NewId(), NewId(), NewId());

    public static async Task<World> CreateAsync()
    {
        var server = await TestServer.StartAsync(configure: services => services.AddSingleton<ISessionPolicy>(new HeldSpawns()).AddSingleton<IOutboundPolicy>(new TestPolicy(Receivers)).AddSingleton<ISealedSecrets>(new TestSecrets()));
        var (tesla, mallory) = (await server.AgentAsync("tesla"), await server.AgentAsync("mallory"));
        await server.AgentAsync("aaron");
        var gone = await server.AgentAsync("gone");
        using (var left = await server.Owner.DeleteJsonAsync("/api/v1/projects/default/channels/general/members/mallory"))
        {
            left.Status.ShouldBe(System.Net.HttpStatusCode.OK, left.Body);
        }

        var link = await server.LinkAsync("tesla", "aaron");
        var deletedLink = await server.LinkAsync("aaron", "gone");
        using var message = await tesla.Http.PostAsync("/api/v1/messages", new { to = "aaron", content = "hello" });
        using var lease = await tesla.Http.PostAsync("/api/v1/projects/default/leases", new { paths = Work });
        using var deletedLease = await tesla.Http.PostAsync("/api/v1/projects/default/leases", new { paths = OldWork });
        using var meeting = await server.Owner.PostAsync("/api/v1/meetings", new { participants = Room });
        await HostAsync(server.Services, (await server.Services.GetRequiredService<Bootstrap>().RunAsync(Always)).Owner.OrganizationId, "tesla");
        using var session = await tesla.Http.PostAsync("/api/v1/sessions/spawn", new { agentId = "tesla", task = "held" });
        using var schedule = await server.Owner.PostAsync("/api/v1/schedules", new { agent = "tesla", task = "Look", cron = "@yearly", session = "main" });
        using var deletedSchedule = await server.Owner.PostAsync("/api/v1/schedules", new { agent = "tesla", task = "Look", cron = "@yearly", session = "main" });
        using var webhook = await server.Owner.PostAsync("/api/v1/webhooks", new { url = "http://127.0.0.1:9/hook", agent = "tesla" });
        using var deletedWebhook = await server.Owner.PostAsync("/api/v1/webhooks", new { url = "http://127.0.0.1:9/hook", agent = "tesla" });
        using var task = await tesla.Http.PostTextAsync("/a2a/aaron/message:send", """{"message":{"messageId":"w","role":"ROLE_USER","parts":[{"text":"work"}]},"configuration":{"returnImmediately":true}}""");
        using var projects = await server.Owner.GetJsonAsync("/api/v1/projects");
        var project = projects.Required("items")[0].GetProperty("id").GetString()!;
        using (await server.Owner.DeleteJsonAsync("/api/v1/agents/gone"))
        using (await server.Owner.DeleteJsonAsync($"/api/v1/links/{deletedLink}"))
        using (await server.Owner.DeleteJsonAsync($"/api/v1/schedules/{deletedSchedule.Required("id").GetGuid()}"))
        using (await server.Owner.DeleteJsonAsync($"/api/v1/webhooks/{IdOf(deletedWebhook)}"))
        using (await tesla.Http.DeleteJsonAsync($"/api/v1/projects/default/leases/{deletedLease.Required("id").GetGuid()}"))
        {
            var own = new Things(message.Required("message_id").GetString()!, "aaron", link.ToString(), tesla.TokenId.ToString(), project, "general", lease.Required("id").GetString()!, meeting.Required("id").GetString()!, session.Required("sessionKey").GetString()!.Split(':')[^1],
                schedule.Required("id").GetString()!, IdOf(webhook), task.Required("task").GetProperty("id").GetString()!);
            var deleted = Random() with { Agent = "gone", Link = deletedLink.ToString(), Token = gone.TokenId.ToString(), Lease = deletedLease.Required("id").GetString()!, Schedule = deletedSchedule.Required("id").GetString()!, Webhook = IdOf(deletedWebhook) };
            var (foreign, owner, agent) = await ForeignAsync(server);
            return new World(server)
            {
                Tesla = tesla, Mallory = mallory, Own = own, Foreign = foreign, Deleted = deleted, ForeignOwner = server.Client(owner), ForeignAgent = server.Client(agent),
            };
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task<(Things Things, string OwnerSecret, string AgentSecret)> ForeignAsync(TestServer server)
    {
        var services = server.Services;
        var now = TimeProvider.System.GetUtcNow();
        var organization = new Organization(Guid.CreateVersion7(now), "foreign", Features.All, now);
        var user = new User(Guid.CreateVersion7(now), organization.Id, "zora", Role.Owner, now);
        await services.GetRequiredService<IDatabase>().WriteAsync(
            unit =>
            {
                unit.Organizations.Add(organization);
                unit.Organizations.AddUser(user);
                return ValueTask.FromResult(true);
            },
            Always);
        var caller = new Caller(CallerKind.User, organization.Id, user.Id, user.Name, Role.Owner, Scopes.All, Guid.NewGuid());
        var project = await services.GetRequiredService<AddProject>().RunAsync(caller, "zproject", Always);
        await services.GetRequiredService<CreateChannel>().RunAsync(caller, "zproject", "zchannel", Always);
        var zelda = await services.GetRequiredService<AddAgent>().RunAsync(caller, new AddAgentInput("zelda", Project: "zproject"), Always);
        await services.GetRequiredService<AddAgent>().RunAsync(caller, new AddAgentInput("zeno", Project: "zproject"), Always);
        var link = await services.GetRequiredService<CreateLink>().RunAsync(caller, "zelda", "zeno", new LinkSettings(), Always);
        var agent = await services.GetRequiredService<IssueToken>().RunAsync(caller, new IssueTokenInput("zelda"), Always);
        var owner = await services.GetRequiredService<IssueToken>().RunAsync(caller, new IssueTokenInput(User: "zora"), Always);
        var speaking = new Caller(CallerKind.Agent, organization.Id, zelda.Id, zelda.Name, Role.Member, Scopes.Read | Scopes.Send, agent.Token.Id);
        var sent = await services.GetRequiredService<SendMessage>().RunAsync(speaking, new SendInput { To = "zeno", Content = "secret" }, Always);
        var lease = await services.GetRequiredService<AnnounceFiles>().RunAsync(speaking, "zproject", new LeaseInput(["z/**"]), Always);
        var meeting = await services.GetRequiredService<StartMeeting>().RunAsync(caller, new StartMeetingInput(["zelda", "zeno"]), Always);
        await HostAsync(services, organization.Id, "zelda");
        var session = await services.GetRequiredService<SpawnSession>().RunAsync(caller, new SpawnInput { Agent = "zelda", Task = "secret" }, Always);
        var schedule = await services.GetRequiredService<AddSchedule>().RunAsync(caller, new ScheduleInput { Agent = "zelda", Task = "Look", Cron = "@yearly", Session = "main" }, Always);
        var webhook = await services.GetRequiredService<AddWebhook>().RunAsync(caller, new WebhookInput("http://127.0.0.1:9/hook", "zelda"), Always);
        var task = await services.GetRequiredService<SendTask>().RunAsync(speaking, new SendTaskInput { Target = "zeno", Text = "secret work", Key = "w" }, Always);
        var things = new Things(
            sent.Message.Id.ToString(), "zeno", link.Link.Id.ToString(), agent.Token.Id.ToString(), project.Id.ToString(), "zchannel", lease.Lease.Id.ToString(), meeting.Meeting.Id.ToString(),
            session.Session.Id.ToString(), schedule.Id.ToString(), webhook.Webhook.Id.ToString(), task.Task.Id.ToString());
        return (things, owner.Secret, agent.Secret);
    }

    /// <summary>An address that nobody answers.</summary>
    private static OutboundPolicy Receivers => new() { Enabled = true, Allow = ["http://127.0.0.1:9"] };

    private static string IdOf(Answer webhook) => webhook.Required("webhook").GetProperty("id").GetString()!;

    internal static Task<bool> HostAsync(IServiceProvider services, Guid organizationId, string name) => services.GetRequiredService<IDatabase>().WriteAsync(
        async unit =>
        {
            unit.Hosting.Save(new Core.Turns.HostedAgent((await unit.Agents.FindAsync(organizationId, name))!.Id, organizationId, "model", "demo/echo", TimeProvider.System.GetUtcNow()));
            return true;
        },
        Always);

    /// <summary>Everybody may spawn everybody, and a person approves it first: such a session stays as it is.</summary>
    internal sealed class HeldSpawns : ISessionPolicy
    {
        public SessionPolicy Current { get; } = new() { HoldSpawns = true, Agents = new Dictionary<string, AgentSessionPolicy> { ["tesla"] = new() { AllowAgents = ["*"] } } };
    }

    private static string NewId() => Guid.NewGuid().ToString();
}
