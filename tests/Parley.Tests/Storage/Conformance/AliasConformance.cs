using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

public abstract class AliasConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task An_alias_is_an_address_and_the_sender_sees_the_name()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await AliasAsync("aaron", "reviewer", "ar");
        var first = await House.SayAsync(tesla, "@Reviewer", "one");
        first.Deliveries.ShouldHaveSingleItem().Recipient.ShouldBe("aaron");
        (await House.SayAsync(tesla, "aaron", "two")).Message.ConversationId.ShouldBe(first.Message.ConversationId);
        (await House.SayAsync(tesla, "ar", "three")).Message.Number.ShouldBe(3);
        (await House.TextsAsync(aaron)).ShouldBe(["one", "two", "three"]);
        (await House.SayAsync(House.Owner, "ar", "four")).Deliveries.ShouldHaveSingleItem().Recipient.ShouldBe("aaron");
        (await new FindAgent(House.Database, House.Board).RunAsync(tesla, "ar", Ct)).Agent.Name.ShouldBe("aaron");
        (await House.Read.DirectAsync(tesla, "reviewer", null, Ct)).Id.ShouldBe(first.Message.ConversationId);
    }

    [Fact]
    public async Task A_key_holds_for_an_agent_by_whichever_name()
    {
        var (tesla, _, _) = await House.PairAsync();
        await AliasAsync("aaron", "reviewer");
        var first = await House.SayAsync(tesla, "reviewer", "once", key: "k");
        foreach (var name in (string[])["aaron", "reviewer"])
        {
            var again = await House.SayAsync(tesla, name, "once", key: "k");
            (again.Duplicate, again.Message.Id).ShouldBe((true, first.Message.Id));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_changed_alias_counts_with_the_next_message_with_a_key_or_without(bool keys)
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var bea = await House.AgentAsync("bea");
        await House.LinkAsync(tesla, bea);
        for (var round = 0; round < 3; round++)
        {
            await AliasAsync("bea");
            await AliasAsync("aaron", "reviewer");
            (await SayAsync($"aaron {round}")).Deliveries.ShouldHaveSingleItem().Recipient.ShouldBe("aaron");
            (await House.SayAsync(tesla, "#general", $"@reviewer: aaron {round}")).Message.Mentions.ShouldBe(["aaron"]);
            await AliasAsync("aaron");
            await SayAsync("nobody").RefusedAsync(ErrorCode.UnknownRecipient);
            (await House.SayAsync(tesla, "#general", $"@reviewer: nobody {round}")).Message.Mentions.ShouldBe(["reviewer"]);
            await AliasAsync("bea", "reviewer");
            (await SayAsync($"bea {round}")).Deliveries.ShouldHaveSingleItem().Recipient.ShouldBe("bea");
        }

        (await House.ReceivedAsync(aaron)).Where(text => text.StartsWith("aaron", StringComparison.Ordinal)).ShouldBe(["aaron 0", "aaron 1", "aaron 2"]);

        Task<SendReceipt> SayAsync(string text) => House.SayAsync(tesla, "reviewer", text, keys ? Guid.NewGuid().ToString() : null);
    }

    [Fact]
    public async Task A_name_is_given_once_among_names_and_aliases_of_agents_that_are_there()
    {
        var (_, _, _) = await House.PairAsync();
        await AliasAsync("aaron", "reviewer");
        var taken = await House.StoresNothingAsync(() => House.AgentAsync("reviewer"), ErrorCode.Conflict);
        (taken.Message, taken.Fix).ShouldBe(("'reviewer' is an alias of the agent 'aaron'.", "Choose another name, or take it away first: parley agent edit aaron --remove-alias reviewer"));
        await House.StoresNothingAsync(() => AliasAsync("tesla", "reviewer"), ErrorCode.Conflict);
        await House.StoresNothingAsync(() => AliasAsync("tesla", "aaron"), ErrorCode.Conflict);
        await House.StoresNothingAsync(() => AliasAsync("tesla", "tesla"), ErrorCode.InvalidRequest);
        await House.StoresNothingAsync(() => House.AddAgent.RunAsync(House.Owner, new AddAgentInput("bea", Aliases: ["reviewer"]), Ct), ErrorCode.Conflict);

        await House.RemoveAgent.RunAsync(House.Owner, "reviewer", Ct);
        (await AliasAsync("tesla", "reviewer", "aaron")).Aliases.ShouldBe(["reviewer", "aaron"]);
        await House.StoresNothingAsync(() => House.AgentAsync("aaron"), ErrorCode.Conflict);
        await AliasAsync("tesla");
        (await House.AgentAsync("aaron")).Name.ShouldBe("aaron");
    }

    [Fact]
    public async Task Two_who_want_the_same_alias_at_once_do_not_both_get_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var names = Enumerable.Range(0, 4).Select(number => $"agent-{round}-{number}").ToList();
            foreach (var name in names)
            {
                await House.AgentAsync(name);
            }

            var alias = $"both-{round}";
            var outcomes = await Task.WhenAll(names.Select(name => Task.Run(async () =>
            {
                try
                {
                    await (name.EndsWith('0') ? House.AgentAsync(alias) : (Task)AliasAsync(name, alias));
                    return true;
                }
                catch (ParleyError refusal) when (refusal.Code == ErrorCode.Conflict)
                {
                    return false;
                }
            }))).Within(Patience);
            outcomes.Count(got => got).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Mentions_in_agent_chat_and_meetings_reach_the_agent_once()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await AliasAsync("aaron", "reviewer", "ar");
        var chat = await House.SayAsync(tesla, Router.ChatAddress, "@reviewer and @aaron, and @AR: look");
        chat.Message.Mentions.ShouldBe(["aaron"]);
        chat.Deliveries.ShouldHaveSingleItem().Recipient.ShouldBe("aaron");

        await new StartMeeting(House.Database, House.Board, new MeetingTemplates(null), House.Clock).RunAsync(House.Owner, new StartMeetingInput(["tesla", "reviewer", "aaron"], Name: "room"), Ct);
        var asked = await House.SayAsync(House.Owner, "meeting:room", "Now @reviewer please");
        Chain.Of(asked.Message)!.Asks.ShouldBe(["aaron"]);
        Chain.Of((await House.SayAsync(House.Owner, "meeting:room", "ar, what do you think?")).Message)!.Asks.ShouldBe(["aaron"]);
        (await House.TextsAsync(aaron)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Agents_are_found_by_skill_and_by_text()
    {
        await House.PairAsync();
        await House.AddAgent.RunAsync(House.Owner, new AddAgentInput("bea", "reviewer", "Reads pull requests", Aliases: ["b"], Skills: ["Code-Review", "sql"]), Ct);
        await House.EditAgent.RunAsync(House.Owner, "tesla", new EditAgentInput(Skills: ["sql"]), Ct);
        (await NamesAsync(new AgentQuery(Skill: "SQL"))).ShouldBe(["bea", "tesla"]);
        (await NamesAsync(new AgentQuery(Skill: "code-review"))).ShouldBe(["bea"]);
        (await NamesAsync(new AgentQuery(Text: "review"))).ShouldBe(["bea"]);
        (await NamesAsync(new AgentQuery(Skill: "sql", Text: "tesla"))).ShouldBe(["tesla"]);
        (await NamesAsync(new AgentQuery(Skill: "cooking"))).ShouldBeEmpty();
        await RestartAsync();
        var bea = (await new FindAgent(House.Database, House.Board).RunAsync(House.Owner, "b", Ct)).Agent;
        (bea.Name, string.Join(' ', bea.Aliases), string.Join(' ', bea.Skills)).ShouldBe(("bea", "b", "code-review sql"));
    }

    private Task<Agent> AliasAsync(string agent, params string[] aliases) => House.EditAgent.RunAsync(House.Owner, agent, new EditAgentInput(Aliases: aliases), Ct);

    private async Task<List<string>> NamesAsync(AgentQuery query) => (await new ListAgents(House.Database, House.Board).RunAsync(House.Owner, query, Ct)).ConvertAll(overview => overview.Agent.Name);
}

public sealed class SqliteAliasTests() : AliasConformance(new SqliteStore());

public sealed class PostgresAliasTests() : AliasConformance(new PostgresStore());
