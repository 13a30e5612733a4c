using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Tests.Runtimes.Programs;

/// <summary>What a coding agent asks a person for, on the real server.</summary>
public sealed class ProgramPermissionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "allowed", "permission.allow")]
    [InlineData(false, "denied", "permission.deny")]
    public async Task A_person_is_asked_and_answers_and_both_are_kept(bool allow, string answer, string action)
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AcpAsync("tesla", "permission");
        var asked = await server.SayAsync("tesla");
        var question = await QuestionAsync(server);
        (question.Agent, question.Title, question.Kind, question.Detail, question.State).ShouldBe(("tesla", "Run npm test", "execute", """{"command":"npm test"}""", "open"));
        (await server.Owner.People.ListAttentionAsync(Ct)).Items.ShouldHaveSingleItem().Text.ShouldBe("'tesla' asks for permission: Run npm test");

        (await server.Owner.People.DecidePermissionAsync(question.Id, allow, Ct)).State.ShouldBe(answer);
        await server.EndedAsync(asked.MessageId);

        (await server.SaidAsync())[^1].Content.ShouldBe(answer);
        (await server.Owner.People.ListAttentionAsync(Ct)).Items.ShouldBeEmpty();
        (await server.Owner.People.ListPermissionsAsync(cancellation: Ct)).Items.ShouldBeEmpty();
        var kept = (await server.Owner.People.ListPermissionsAsync(all: true, Ct)).Items.ShouldHaveSingleItem();
        (kept.State, kept.DecidedBy).ShouldBe((answer, "owner"));
        (await server.Owner.Server.ListAuditAsync(cancellation: Ct)).Items.ShouldContain(entry => entry.Action == action && entry.Decision == "allowed");
        (await Should.ThrowAsync<ParleyException>(() => server.Owner.People.DecidePermissionAsync(question.Id, !allow, Ct))).Code.ShouldBe("conflict");
    }

    [Theory]
    [InlineData("allow", "allowed")]
    [InlineData("deny", "denied")]
    public async Task A_policy_answers_instead_of_a_person(string policy, string answer)
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AcpAsync("tesla", "permission", policy);

        await server.EndedAsync((await server.SayAsync("tesla")).MessageId);

        (await server.SaidAsync())[^1].Content.ShouldBe(answer);
        (await server.Owner.People.ListPermissionsAsync(all: true, Ct)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_of_a_turn_that_is_stopped_asks_nobody_any_more()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AcpAsync("tesla", "permission");
        await server.SayAsync("tesla");
        var question = await QuestionAsync(server);

        await server.Owner.Halts.PullAsync(new HaltRequest("agent", "tesla"), Ct);
        using var limit = new CancellationTokenSource(ProgramServer.Patience, TimeProvider.System);
        while ((await server.Owner.People.ListPermissionsAsync(cancellation: limit.Token)).Items.Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        (await server.Owner.People.ListPermissionsAsync(all: true, Ct)).Items.ShouldHaveSingleItem().State.ShouldBe("expired");
        (await Should.ThrowAsync<ParleyException>(() => server.Owner.People.DecidePermissionAsync(question.Id, true, Ct))).Code.ShouldBe("conflict");
    }

    [Fact]
    public async Task Agents_and_those_who_own_neither_agent_nor_organization_decide_nothing()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AcpAsync("tesla", "permission");
        await server.Owner.Tokens.AddUserAsync(new AddUserRequest("maria", Role: "member"), Ct);
        using var member = new ParleyClient(server.Address, (await server.Owner.Tokens.IssueAsync(new IssueTokenRequest(User: "maria"), Ct)).Secret);
        using var agent = await server.AsAsync("tesla");
        await server.SayAsync("tesla");
        var question = await QuestionAsync(server);

        foreach (var caller in (ParleyClient[])[member, agent])
        {
            (await Should.ThrowAsync<ParleyException>(() => caller.People.DecidePermissionAsync(question.Id, true, Ct))).Code.ShouldBe("forbidden");
        }

        (await server.Owner.People.ListPermissionsAsync(cancellation: Ct)).Items.ShouldHaveSingleItem().State.ShouldBe("open");
    }

    private static async Task<PermissionView> QuestionAsync(ProgramServer server)
    {
        using var limit = new CancellationTokenSource(ProgramServer.Patience, TimeProvider.System);
        while (true)
        {
            if ((await server.Owner.People.ListPermissionsAsync(cancellation: limit.Token)).Items is [var question])
            {
                return question;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
