using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

/// <summary>What people set up: users, agents, tokens, links, features, and the record of it.</summary>
public abstract class PeopleConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task A_token_stands_for_its_agent_until_it_ends()
    {
        await House.AgentAsync("tesla");
        var (issue, authenticate) = (new IssueToken(House.Database, House.Clock), new Authenticate(House.Database, House.Clock));
        var token = await issue.RunAsync(House.Owner, new IssueTokenInput("tesla", ExpiresInDays: 1), Ct);
        var caller = await authenticate.RunAsync(token.Secret, Ct);
        (caller.Kind, caller.Name, caller.Scopes, caller.TokenId).ShouldBe((CallerKind.Agent, "tesla", Scopes.Read | Scopes.Send, token.Token.Id));
        var second = await issue.RunAsync(House.Owner, new IssueTokenInput("tesla"), Ct);
        await new RevokeToken(House.Database, House.Clock).RunAsync(House.Owner, second.Token.Id, Ct);
        var third = await issue.RunAsync(House.Owner, new IssueTokenInput("tesla"), Ct);
        House.Clock.Advance(TimeSpan.FromDays(1));
        var refusals = new List<string>();
        foreach (var secret in (string[])[token.Secret, second.Secret, "pa_unknown", "", new string('x', 500)])
        {
            refusals.Add((await authenticate.RunAsync(secret, Ct).RefusedAsync(ErrorCode.Unauthenticated)).Message);
        }

        refusals.Distinct().ShouldHaveSingleItem();
        (await authenticate.RunAsync(third.Secret, Ct)).Name.ShouldBe("tesla");
        await House.RemoveAgent.RunAsync(House.Owner, "tesla", Ct);
        await authenticate.RunAsync(third.Secret, Ct).RefusedAsync(ErrorCode.Unauthenticated);
    }

    [Fact]
    public async Task A_link_signs_in_once_and_within_its_time_and_so_does_the_session()
    {
        var (create, signIn, list) = (new CreateSignInLink(House.Database, House.Clock), new SignIn(House.Database, House.Clock), new ListConsoleSessions(House.Database, House.Clock));
        var maria = await new AddUser(House.Database, House.Clock).RunAsync(House.Owner, "maria", Role.Member, Ct);
        var (link, late, invitation) = (await create.RunAsync(House.Owner, null, Ct), await create.RunAsync(House.Owner, null, Ct), await create.RunAsync(House.Owner, "maria", Ct));
        var session = await signIn.RunAsync(link.Secret, "Chrome on Linux", Ct);
        (await new Authenticate(House.Database, House.Clock).RunAsync(session.Secret, Ct)).ShouldBe(House.Owner with { TokenId = session.Token.Id });
        House.Clock.Advance(SignInRules.OwnLink);
        var refusals = new List<string>();
        foreach (var secret in (string?[])[link.Secret, late.Secret, "pl_unknown", "", null, new string('x', 500)])
        {
            refusals.Add((await signIn.RunAsync(secret, "", Ct).RefusedAsync(ErrorCode.Unauthenticated)).Message);
        }

        refusals.Distinct().ShouldHaveSingleItem();
        (await signIn.RunAsync(invitation.Secret, "", Ct)).Token.UserId.ShouldBe(maria.Id);
        (await list.RunAsync(House.Owner, Ct)).Select(owner => owner.Name).ShouldBe(["maria", "owner"]);
        (await new ListTokens(House.Database).RunAsync(House.Owner, Ct)).ShouldBeEmpty();
        House.Clock.Advance(SignInRules.Session - SignInRules.OwnLink);
        await new Authenticate(House.Database, House.Clock).RunAsync(session.Secret, Ct).RefusedAsync(ErrorCode.Unauthenticated);
        (await list.RunAsync(House.Owner, Ct)).ShouldHaveSingleItem().Name.ShouldBe("maria");
    }

    [Fact]
    public async Task The_owners_secret_is_registered_once()
    {
        var register = new RegisterSecret(House.Database, House.Clock);
        var secret = TokenSecret.Create(TokenSecret.UserPrefix);
        await register.RunAsync(House.Owner.Id, secret, Ct);
        await register.RunAsync(House.Owner.Id, secret, Ct);
        (await new ListTokens(House.Database).RunAsync(House.Owner, Ct)).ShouldHaveSingleItem();
        (await new Authenticate(House.Database, House.Clock).RunAsync(secret, Ct)).Role.ShouldBe(Role.Owner);
        await House.StoresNothingAsync(() => register.RunAsync(House.Owner.Id, "pu_short", Ct), ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task A_database_is_made_usable_once_however_many_start_at_once()
    {
        var before = await House.ContentsAsync();
        var started = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new Bootstrap(House.Database, House.Clock).RunAsync(Ct)))).Within(Patience);
        started.Select(start => start.Owner.Id).Distinct().ShouldBe([House.Owner.Id]);
        (await House.ContentsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_name_is_taken_once_however_many_ask_at_once()
    {
        await AtOnceAsync(() => House.AddAgent.RunAsync(House.Owner, new AddAgentInput("same"), Ct));
        await AtOnceAsync(() => new AddUser(House.Database, House.Clock).RunAsync(House.Owner, "same", Role.Member, Ct));
        await AtOnceAsync(() => House.CreateChannel.RunAsync(House.Owner, null, "same", Ct));
        await AtOnceAsync(() => new AddProject(House.Database, House.Clock).RunAsync(House.Owner, "same", Ct));
        await House.AgentAsync("other");
        await AtOnceAsync(() => House.CreateLink.RunAsync(House.Owner, "same", "other", new LinkSettings(), Ct));
    }

    [Fact]
    public async Task What_people_decide_is_recorded_and_what_they_may_not_is_too()
    {
        var member = await House.UserAsync("member", Role.Member);
        await House.AgentAsync("tesla");
        await House.RemoveAgent.RunAsync(member, "tesla", Ct).RefusedAsync(ErrorCode.Forbidden);
        var entries = await new ListAudit(House.Database).RunAsync(House.Owner, 10, Ct);
        entries.Select(entry => (entry.Actor, entry.Action, entry.Target, entry.Decision)).Take(3).ShouldBe(
        [
            ("user:member", "agent.remove", "tesla", "forbidden"), ("user:owner", "agent.add", "tesla", "allowed"), ("user:owner", "user.add", "member", "allowed"),
        ]);
        (await new FindAgent(House.Database, House.Board).RunAsync(member, "tesla", Ct)).Agent.RemovedAt.ShouldBeNull();
    }

    [Fact]
    public async Task An_agent_is_edited_and_shown_with_what_it_has_not_read()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.EditAgent.RunAsync(House.Owner, "@Tesla", new EditAgentInput("backend", "Builds the API", Hold: true), Ct);
        await House.SayAsync(aaron, "tesla", "hello");
        var found = await new FindAgent(House.Database, House.Board).RunAsync(House.Owner, "tesla", Ct);
        (found.Agent.Type, found.Agent.Description, found.Agent.Hold, found.Unread, found.Halted).ShouldBe(("backend", "Builds the API", true, 1, false));
        (await new ListAgents(House.Database, House.Board).RunAsync(aaron, new AgentQuery(), Ct)).Select(overview => (overview.Agent.Name, overview.Unread)).ShouldBe([("aaron", 0), ("tesla", null)]);
        await House.StoresNothingAsync(() => House.AddAgent.RunAsync(House.Owner, new AddAgentInput("tesla"), Ct), ErrorCode.Conflict);
    }

    [Fact]
    public async Task Features_and_links_keep_what_was_set()
    {
        var (_, _, link) = await House.PairAsync();
        var settings = new LinkSettings(7, 3, 9, true, "websocket", false, true);
        await House.EditLink.RunAsync(House.Owner, link.Id, _ => settings, Ct);
        (await new FindLink(House.Database, House.Clock).RunAsync(House.Owner, link.Id, Ct)).Link.Settings.ShouldBe(settings);
        (await House.ListLinks.RunAsync(House.Owner, "aaron", Ct)).ShouldHaveSingleItem().PeerName.ShouldBe("tesla");
        await House.StoresNothingAsync(() => House.EditLink.RunAsync(House.Owner, link.Id, old => old with { MessagesPerWindow = 0 }, Ct), ErrorCode.InvalidRequest);
        await new SetFeatures(House.Database, House.Clock).RunAsync(House.Owner, _ => Features.Meetings | Features.A2A, Ct);
        (await new ReadFeatures(House.Database).RunAsync(House.Owner, Ct)).ShouldBe(Features.Meetings | Features.A2A);
    }

    private static async Task AtOnceAsync(Func<Task> add)
    {
        var calls = Enumerable.Range(0, 5).Select(_ => Task.Run(add, Ct)).ToList();
        await Task.WhenAll(calls).Within(Patience).RefusedAsync(ErrorCode.Conflict);
        calls.Count(call => call.IsCompletedSuccessfully).ShouldBe(1);
        calls.Where(call => call.IsFaulted).ShouldAllBe(call => ((ParleyError)call.Exception!.InnerException!).Code == ErrorCode.Conflict);
    }
}

public sealed class SqlitePeopleTests() : PeopleConformance(new SqliteStore());

public sealed class PostgresPeopleTests() : PeopleConformance(new PostgresStore());
