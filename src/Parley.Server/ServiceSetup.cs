using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Client.Wire;
using Parley.Core.Agents;
using Parley.Core.Channels;
using Parley.Core.Halts;
using Parley.Core.Links;
using Parley.Core.Maintenance;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Schedules;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Core;
using Parley.Server.A2a;
using Parley.Server.Console;
using Parley.Server.Errors;
using Parley.Server.Http;
using Parley.Server.Live;
using Parley.Server.Loops;
using Parley.Server.Mcp;
using Parley.Server.Nodes;
using Parley.Server.OpenApi;
using Parley.Server.Outbound;
using Parley.Server.Security;
using Parley.Server.Sessions;
using Parley.Server.Turns;
using Parley.Server.WebSockets;

namespace Parley.Server;

/// <summary>Registers everything that the server is made of.</summary>
public static class ServiceSetup
{
    /// <summary>Adds the use cases of Core and the server's own parts. The database and a <see cref="TimeProvider"/> are the caller's.</summary>
    public static IServiceCollection AddParley(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton<IRunningConfig, NoConfig>();
        services.AddUseCases();
        services.AddMeetings();
        services.AddTurns();
        services.AddSessions();
        services.AddSchedules();
        services.AddOutbound();
        services.AddA2a();
        services.AddSecurity();
        services.AddSingleton<ReplyArguments>().AddSingleton<MessageTools>().AddSingleton<ChannelTools>().AddSingleton<SubagentTools>().AddSingleton<MeetingTool>().AddSingleton<McpTools>();
        services.AddSingleton<InboxAnswers>().AddSingleton<InboxResource>().AddSingleton<ConversationResource>().AddSingleton<AgentResource>().AddSingleton<McpResources>();
        services.AddSingleton<McpOffer>().AddSingleton<McpSessions>().AddSingleton<StreamSources>().AddSingleton<McpEndpoint>();
        services.AddLive();
        services.AddNodes();
        services.AddConsole();
        services.AddDocument();
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json => WireOptions.Apply(json.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddRequestTimeouts(RequestTimes.Apply);
        if (options.RunLoops)
        {
            services.AddLoops();
        }

        return services;
    }

    private static void AddUseCases(this IServiceCollection services)
    {
        services.AddSingleton<HaltBoard>().AddSingleton<Router>();
        services.AddSingleton<Authenticate>().AddSingleton<Bootstrap>().AddSingleton<RegisterSecret>().AddSingleton<IssueToken>().AddSingleton<RevokeToken>().AddSingleton<ListTokens>();
        services.AddSingleton<AddUser>().AddSingleton<ListUsers>().AddSingleton<ReadFeatures>().AddSingleton<SetFeatures>().AddSingleton<ListAudit>();
        services.AddSingleton<PullHalt>().AddSingleton<ReleaseHalt>().AddSingleton<ListHalts>().AddSingleton<RefreshHalts>();
        services.AddSingleton<AddProject>().AddSingleton<ListProjects>().AddSingleton<EnterProject>();
        services.AddSingleton<AddAgent>().AddSingleton<EditAgent>().AddSingleton<RemoveAgent>().AddSingleton<ListAgents>().AddSingleton<FindAgent>();
        services.AddSingleton<CreateLink>().AddSingleton<EditLink>().AddSingleton<RemoveLink>().AddSingleton<ListLinks>().AddSingleton<FindLink>();
        services.AddSingleton<CreateChannel>().AddSingleton<ListChannels>().AddSingleton<JoinChannel>().AddSingleton<LeaveChannel>();
        services.AddSingleton<AnnounceFiles>().AddSingleton<ExtendFiles>().AddSingleton<ReleaseFiles>().AddSingleton<ListFiles>();
        services.AddSingleton<SendMessage>().AddSingleton<ReadInbox>().AddSingleton<Acknowledge>().AddSingleton<RejectDelivery>().AddSingleton<DeadLetters>();
        services.AddSingleton<ReadMessages>().AddSingleton<ReadMessageRate>().AddSingleton<DecideHold>().AddSingleton<HoldType>().AddSingleton<ListHolds>().AddSingleton<NeedsAttention>().AddSingleton<OfferDeliveries>();
        services.AddSingleton<ReleaseDeferred>().AddSingleton<ExpireDeliveries>().AddSingleton<WatchObligations>().AddSingleton<IndexMessages>();
        services.AddSingleton<CreateSqlRole>().AddSingleton<RevokeSqlRole>().AddSingleton<TakeSqlMessages>();
        services.AddSingleton(all => all.GetRequiredService<IDatabase>().Archive).AddSingleton(all => all.GetRequiredService<IDatabase>().Inspector);
        services.AddSingleton<ExportMessages>().AddSingleton<BackupStore>().AddSingleton<RestoreStore>().AddSingleton<CheckStore>().AddSingleton<PruneMessages>().AddSingleton<WatchEpoch>();
        services.AddSingleton(all => new Retention(all.GetRequiredService<ServerOptions>().KeepDays));
    }

    private static void AddMeetings(this IServiceCollection services)
    {
        services.AddSingleton<IAddressRoutes, MeetingRoutes>().AddSingleton<ISessionRules, MeetingSession>();
        services.AddSingleton(all => new MeetingTemplates(all.GetRequiredService<ServerOptions>().TemplatesFolder));
        services.AddSingleton<StartMeeting>().AddSingleton<ListMeetings>().AddSingleton<FindMeeting>().AddSingleton<EditMeeting>().AddSingleton<AddParticipant>().AddSingleton<RemoveParticipant>();
        services.AddSingleton<PostToMeeting>().AddSingleton<RespondInMeeting>().AddSingleton<SpeakerStop>().AddSingleton<StopSpeaking>().AddSingleton<ArchiveMeeting>().AddSingleton<ResumeMeeting>();
        services.AddSingleton<ReadMeeting>().AddSingleton<ReadMeetingStats>();
        services.AddSingleton<MeetingSources>().AddSingleton<TurnHub>().AddSingleton<ITurnWatch>(all => all.GetRequiredService<TurnHub>()).AddSingleton<ITurnAudience>(all => all.GetRequiredService<TurnHub>());
    }

    private static void AddSchedules(this IServiceCollection services)
    {
        services.AddSingleton<IScheduledWork, MainSessionWork>().AddSingleton<IScheduledWork, IsolatedSessionWork>().AddSingleton<FiringWrites>();
        services.AddSingleton<AddSchedule>().AddSingleton<EditSchedule>().AddSingleton<PauseSchedule>().AddSingleton<ResumeSchedule>().AddSingleton<RemoveSchedule>().AddSingleton<RunScheduleNow>();
        services.AddSingleton<ListSchedules>().AddSingleton<FindSchedule>().AddSingleton<ReadScheduleHistory>().AddSingleton<FireSchedules>().AddSingleton<ScheduleLoop>();
    }

    private static void AddSecurity(this IServiceCollection services)
    {
        services.AddScoped<CallerSlot>().AddScoped(scope => scope.GetRequiredService<CallerSlot>().Caller);
        services.AddSingleton<HostGuard>().AddSingleton<QueryGuard>().AddSingleton<TokenCache>().AddSingleton<RequestRate>().AddSingleton<Authentication>().AddSingleton<ErrorHandler>();
    }

    private static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<Activities>().AddSingleton<Doors>().AddSingleton<LiveConnections>().AddSingleton<IWakeListener>(all => all.GetRequiredService<LiveConnections>()).AddSingleton<IWake>(all => new WakeChain(all.GetServices<IWakeListener>()));
        services.AddSingleton<ConnectionList>().AddSingleton<ConnectionWatch>().AddSingleton<HeadWatch>().AddSingleton<Laggards>().AddSingleton<OfferMarks>();
        services.AddSingleton<FeedSources>().AddSingleton<Stopping>().AddSingleton<SocketServices>().AddSingleton<SocketEndpoint>();
        services.AddSingleton(all => new StartTime(all.GetRequiredService<TimeProvider>().GetUtcNow()));
    }

    /// <summary>A server without a configuration.</summary>
    private sealed class NoConfig : IRunningConfig
    {
        public ConfigView Read() => new(null, [], []);
    }
}
