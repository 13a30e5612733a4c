using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using static Parley.Tests.UseCases.TestHouse;

namespace Parley.Tests.UseCases;

public sealed class TokenTests
{
    [Fact]
    public async Task The_first_start_makes_one_organization_however_often_it_runs()
    {
        await using var house = await OpenAsync();
        var (organization, owner) = await new Bootstrap(house.Database, house.Clock).RunAsync(Stop);

        organization.Id.ShouldBe(house.Owner.OrganizationId);
        owner.Id.ShouldBe(house.Owner.Id);
        (await new ListProjects(house.Database).RunAsync(house.Owner, Stop)).ShouldHaveSingleItem().Name.ShouldBe("default");
    }

    [Fact]
    public async Task The_owners_secret_opens_the_house_and_a_truncated_one_does_not()
    {
        await using var house = await OpenAsync();
        var secret = TokenSecret.Create(TokenSecret.UserPrefix);
        var register = new RegisterSecret(house.Database, house.Clock);
        await register.RunAsync(house.Owner.Id, secret, Stop);
        await register.RunAsync(house.Owner.Id, secret, Stop);

        var caller = await new Authenticate(house.Database, house.Clock).RunAsync(secret, Stop);
        (caller with { TokenId = Guid.Empty }).ShouldBe(house.Owner);
        (await new ListTokens(house.Database).RunAsync(house.Owner, Stop)).Count.ShouldBe(1);
        await RefusedAsync(ErrorCode.InvalidRequest, () => register.RunAsync(house.Owner.Id, secret[..10], Stop));
        await RefusedAsync(ErrorCode.InvalidRequest, () => register.RunAsync(house.Owner.Id, "", Stop));
    }

    [Fact]
    public async Task A_token_that_ended_in_any_way_is_refused_in_the_same_words()
    {
        await using var house = await OpenAsync();
        await house.AgentAsync("tesla");
        var issue = new IssueToken(house.Database, house.Clock);
        var authenticate = new Authenticate(house.Database, house.Clock);
        var removed = await issue.RunAsync(house.Owner, new IssueTokenInput(Agent: "tesla"), Stop);
        var revoked = await issue.RunAsync(house.Owner, new IssueTokenInput(User: "owner"), Stop);
        var expired = await issue.RunAsync(house.Owner, new IssueTokenInput(ExpiresInDays: 1), Stop);
        (await authenticate.RunAsync(removed.Secret, Stop)).ShouldBe(new Caller(
            CallerKind.Agent, house.Owner.OrganizationId, removed.Token.AgentId!.Value, "tesla", Role.Member, Scopes.Read | Scopes.Send, removed.Token.Id));
        await house.RemoveAgent.RunAsync(house.Owner, "tesla", Stop);
        await new RevokeToken(house.Database, house.Clock).RunAsync(house.Owner, revoked.Token.Id, Stop);
        house.Clock.Now = house.Clock.Now.AddDays(1);

        var words = new List<string>();
        foreach (var secret in new[] { removed.Secret, revoked.Secret, expired.Secret, TokenSecret.Create("pu_"), "", new string('x', 10_000) })
        {
            var error = await Should.ThrowAsync<ParleyError>(() => authenticate.RunAsync(secret, Stop));
            error.Code.ShouldBe(ErrorCode.Unauthenticated);
            words.Add(error.Message);
        }

        words.Distinct().Count().ShouldBe(1);
        await RefusedAsync(ErrorCode.NotFound, () => new RevokeToken(house.Database, house.Clock).RunAsync(house.Owner, revoked.Token.Id, Stop));
    }

    [Fact]
    public async Task Nobody_issues_a_token_for_more_than_they_may_do()
    {
        await using var house = await OpenAsync();
        var admin = await house.UserAsync("ada", Role.Admin);
        var member = await house.UserAsync("ben", Role.Member);
        var agent = await house.AgentAsync("tesla");
        await house.AgentAsync("bens", member);
        var issue = new IssueToken(house.Database, house.Clock);

        await RefusedAsync(ErrorCode.Forbidden, () => issue.RunAsync(admin, new IssueTokenInput(User: "owner"), Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => issue.RunAsync(member, new IssueTokenInput(User: "ada"), Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => issue.RunAsync(member, new IssueTokenInput(Agent: "tesla"), Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => issue.RunAsync(agent, new IssueTokenInput(Agent: "tesla"), Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => issue.RunAsync(member with { Scopes = Scopes.Read }, new IssueTokenInput(), Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => issue.RunAsync(member with { Scopes = Scopes.Manage }, new IssueTokenInput(), Stop));
        await RefusedAsync(ErrorCode.InvalidRequest, () => issue.RunAsync(house.Owner, new IssueTokenInput(Agent: "tesla", Scopes: Scopes.All), Stop));
        await RefusedAsync(ErrorCode.InvalidRequest, () => issue.RunAsync(house.Owner, new IssueTokenInput(ExpiresInDays: 3651), Stop));
        await RefusedAsync(ErrorCode.NotFound, () => issue.RunAsync(house.Owner, new IssueTokenInput(Agent: "nobody"), Stop));
        (await issue.RunAsync(member, new IssueTokenInput(Agent: "bens"), Stop)).Name.ShouldBe("bens");
        (await issue.RunAsync(admin, new IssueTokenInput(User: "ben"), Stop)).Token.Scopes.ShouldBe(Scopes.All);

        (await new ListTokens(house.Database).RunAsync(member, Stop)).Count.ShouldBe(2);
        var refusals = (await house.AuditAsync()).Where(entry => entry.Decision == "forbidden").ToList();
        refusals.Count.ShouldBe(6);
        refusals.ShouldContain(entry => entry.Actor == "agent:tesla" && entry.Action == "token.issue" && entry.Target == "tesla");
    }
}
