using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Channels;
using Parley.Core.Halts;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

/// <summary>G17: two tenants with the same names. A foreign id is answered exactly like one that never existed.</summary>
public abstract class IsolationConformance(TestStore store) : Conformance(store)
{
    private Caller foreignOwner = null!;
    private Caller tesla = null!;
    private Caller foreignTesla = null!;
    private Link foreignLink = null!;
    private Guid foreignMessage;
    private Guid foreignHeld;
    private Guid foreignLease;
    private Guid foreignToken;
    private Guid foreignProject;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (tesla, _, _) = await House.PairAsync();
        foreignOwner = await House.OrganizationAsync("other");
        foreignTesla = await House.AgentAsync("tesla", foreignOwner);
        var aaron = await House.AgentAsync("aaron", foreignOwner);
        foreignLink = await House.LinkAsync(foreignTesla, aaron, by: foreignOwner);
        foreignMessage = (await House.SayAsync(foreignTesla, "aaron", "foreign words")).Message.Id;
        await House.EditLink.RunAsync(foreignOwner, foreignLink.Id, settings => settings with { Hold = true }, Ct);
        foreignHeld = (await House.SayAsync(foreignTesla, "aaron", "foreign and held")).Message.Id;
        foreignLease = (await House.Announce.RunAsync(foreignTesla, null, new LeaseInput(["src/**"]), Ct)).Lease.Id;
        foreignToken = (await new IssueToken(House.Database, House.Clock).RunAsync(foreignOwner, new IssueTokenInput("tesla"), Ct)).Token.Id;
        foreignProject = (await new ListProjects(House.Database).RunAsync(foreignOwner, Ct))[0].Id;
        await House.Reject.RunAsync(aaron, 1, "dead", Ct);
    }

    [Fact]
    public async Task Every_use_case_answers_a_foreign_id_like_one_that_never_existed()
    {
        (string Name, Guid Foreign, Func<Guid, Task> Call)[] calls =
        [
            ("message", foreignMessage, id => House.Read.FindAsync(House.Owner, id, Ct)),
            ("message by an agent", foreignMessage, id => House.Read.FindAsync(tesla, id, Ct)),
            ("deliveries", foreignMessage, id => House.Read.DeliveriesAsync(House.Owner, id, Ct)),
            ("conversation", foreignLink.ConversationId, id => House.Read.PageAsync(House.Owner, new HistoryQuery(foreignOwner.OrganizationId, id), Ct)),
            ("conversation by an agent", foreignLink.ConversationId, id => House.Read.PageAsync(tesla, new HistoryQuery(foreignOwner.OrganizationId, id), Ct)),
            ("reply", foreignMessage, id => House.SendAsync(tesla, new SendInput { To = "aaron", Content = "x", ReplyTo = id })),
            ("approve", foreignHeld, id => House.Holds.ApproveAsync(House.Owner, id, null, Ct)),
            ("refuse", foreignHeld, id => House.Holds.RefuseAsync(House.Owner, id, null, Ct)),
            ("retry", foreignMessage, id => House.Dead.RetryAsync(House.Owner, id, "aaron", Ct)),
            ("link", foreignLink.Id, id => new FindLink(House.Database, House.Clock).RunAsync(House.Owner, id, Ct)),
            ("link edit", foreignLink.Id, id => House.EditLink.RunAsync(House.Owner, id, settings => settings, Ct)),
            ("link remove", foreignLink.Id, id => House.RemoveLink.RunAsync(House.Owner, id, Ct)),
            ("halt of a link", foreignLink.Id, id => House.Halt.RunAsync(House.Owner, HaltScope.Link, id.ToString(), null, Ct)),
            ("halt of an agent", foreignTesla.Id, id => House.Halt.RunAsync(House.Owner, HaltScope.Agent, id.ToString(), null, Ct)),
            ("halt of a project", foreignProject, id => House.Halt.RunAsync(House.Owner, HaltScope.Project, id.ToString(), null, Ct)),
            ("agent", foreignTesla.Id, id => new FindAgent(House.Database, House.Board).RunAsync(House.Owner, id.ToString(), Ct)),
            ("agent edit", foreignTesla.Id, id => House.EditAgent.RunAsync(House.Owner, id.ToString(), new EditAgentInput("x"), Ct)),
            ("agent remove", foreignTesla.Id, id => House.RemoveAgent.RunAsync(House.Owner, id.ToString(), Ct)),
            ("agent links", foreignTesla.Id, id => House.ListLinks.RunAsync(House.Owner, id.ToString(), Ct)),
            ("token", foreignToken, id => new RevokeToken(House.Database, House.Clock).RunAsync(House.Owner, id, Ct)),
            ("token of a foreign agent", foreignTesla.Id, id => new IssueToken(House.Database, House.Clock).RunAsync(House.Owner, new IssueTokenInput(id.ToString()), Ct)),
            ("lease", foreignLease, id => new ReleaseFiles(House.Database, House.Clock).RunAsync(House.Owner, null, id, Ct)),
            ("lease extension", foreignLease, id => new ExtendFiles(House.Database, House.Clock).RunAsync(tesla, null, id, null, Ct)),
            ("leases of a project", foreignProject, id => new ListFiles(House.Database, House.Clock).RunAsync(House.Owner, id.ToString(), Ct)),
            ("announcement", foreignProject, id => House.Announce.RunAsync(tesla, id.ToString(), new LeaseInput(["src/**"]), Ct)),
            ("channels of a project", foreignProject, id => new ListChannels(House.Database).RunAsync(House.Owner, id.ToString(), Ct)),
            ("channel creation", foreignProject, id => House.CreateChannel.RunAsync(House.Owner, id.ToString(), "x", Ct)),
            ("joining", foreignProject, id => House.Join.RunAsync(tesla, id.ToString(), "general", null, Ct)),
            ("leaving", foreignProject, id => House.Leave.RunAsync(tesla, id.ToString(), "general", null, Ct)),
            ("joining of a foreign agent", foreignTesla.Id, id => House.Join.RunAsync(House.Owner, null, "general", id.ToString(), Ct)),
            ("new agent", foreignProject, id => House.AddAgent.RunAsync(House.Owner, new AddAgentInput("new", Project: id.ToString()), Ct)),
            ("post", foreignProject, id => House.SendAsync(tesla, new SendInput { To = "#general", Project = id.ToString(), Content = "x" })),
            ("post by a person", foreignProject, id => House.SendAsync(House.Owner, new SendInput { To = "#general", Project = id.ToString(), Content = "x" })),
        ];
        foreach (var (name, foreign, call) in calls)
        {
            var never = Guid.NewGuid();
            var before = await House.ContentsAsync();
            var (refusal, like) = (await Should.ThrowAsync<ParleyError>(() => call(foreign), name), await Should.ThrowAsync<ParleyError>(() => call(never), name));
            (await House.ContentsAsync()).ShouldBe(before, name);
            (refusal.Code, refusal.Message.Replace(foreign.ToString(), never.ToString(), StringComparison.Ordinal), refusal.Fix, refusal.Field, refusal.RetryAfter)
                .ShouldBe((like.Code, like.Message, like.Fix, like.Field, like.RetryAfter), name);
        }
    }

    [Fact]
    public async Task Lists_show_nothing_of_another_tenant()
    {
        await House.SayAsync(tesla, "aaron", "our words");
        (await House.Read.PageAsync(House.Owner, new HistoryQuery(foreignOwner.OrganizationId), Ct)).ShouldAllBe(message => message.Content == "our words");
        (await House.Read.PageAsync(House.Owner, new HistoryQuery(default, Text: "foreign"), Ct)).ShouldBeEmpty();
        (await House.Read.PageAsync(House.Owner, new HistoryQuery(default, ProjectId: foreignProject), Ct)).ShouldBeEmpty();
        (await House.Read.ConversationsAsync(House.Owner, 100, Ct)).ShouldNotContain(conversation => conversation.Id == foreignLink.ConversationId);
        (await House.Holds.ListAsync(House.Owner, Ct)).ShouldBeEmpty();
        (await House.Dead.ListAsync(House.Owner, 100, Ct)).ShouldBeEmpty();
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldBeEmpty();
        (await House.ListLinks.RunAsync(House.Owner, null, Ct)).ShouldNotContain(overview => overview.Link.Id == foreignLink.Id);
        (await new ListAgents(House.Database, House.Board).RunAsync(tesla, new AgentQuery(), Ct)).ShouldNotContain(overview => overview.Agent.Id == foreignTesla.Id);
        (await new ListTokens(House.Database).RunAsync(House.Owner, Ct)).ShouldNotContain(token => token.Token.Id == foreignToken);
        (await new ListAudit(House.Database).RunAsync(House.Owner, 500, Ct)).ShouldAllBe(entry => entry.OrganizationId == House.Owner.OrganizationId);
        (await new ListUsers(House.Database).RunAsync(House.Owner, Ct)).ShouldHaveSingleItem().Id.ShouldBe(House.Owner.Id);
        (await new ListFiles(House.Database, House.Clock).RunAsync(tesla, null, Ct)).ShouldBeEmpty();
        (await House.InboxAsync(tesla)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_names_mean_each_tenants_own()
    {
        await House.SayAsync(tesla, "aaron", "ours", "k");
        await House.SayAsync(tesla, "#general", "our channel");
        await House.SayAsync(foreignTesla, "#general", "their channel");
        await House.SayAsync(foreignTesla, "agent_chat", "@aaron their chat", "k");
        (await House.Read.PageAsync(tesla, new HistoryQuery(default), Ct)).Select(message => message.Content).Order().ShouldBe(["our channel", "ours"]);
        await House.Halt.RunAsync(foreignOwner, HaltScope.Organization, null, null, Ct);
        await House.SayAsync(foreignTesla, "#general", "x").RefusedAsync(ErrorCode.Halted);
        await House.SayAsync(tesla, "#general", "still open");
        (await new ListHalts(House.Database, House.Board).RunAsync(House.Owner, Ct)).ShouldBeEmpty();
    }
}

public sealed class SqliteIsolationTests() : IsolationConformance(new SqliteStore());

public sealed class PostgresIsolationTests() : IsolationConformance(new PostgresStore());
