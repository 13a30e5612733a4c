using System.Text.Json;
using Parley.Core;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Tests.Storage.Conformance;
using Parley.Tests.Turns;

namespace Parley.Tests.Sessions;

/// <summary>What becomes of spawned sessions, on both databases.</summary>
public abstract class SessionConformance(TestStore store) : SessionFixture(store)
{
    [Fact]
    public async Task A_hosted_parent_gets_the_result_by_itself_and_says_it_to_who_asked()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Design the API","label":"api"}""")).Says("I have asked tesla.", "Use REST.", "Tesla says: use REST.");
        var asked = (await House.SayAsync(House.Owner, "ghost", "What should we build?")).Message;
        (await turns.RunAllAsync()).ShouldBe(3);

        var session = (await ListAsync(House.Owner)).ShouldHaveSingleItem();
        (session.Session.State, session.Session.Label, session.Session.ParentName, session.Session.Level, session.Use.Turns).ShouldBe((SubagentState.Completed, "api", "ghost", 1, 1));
        session.Session.Key.ShouldStartWith("agent:tesla:subagent:");
        session.Session.RootId.ShouldBe(asked.Id);
        (await turns.SaidAsync(asked.ConversationId)).Select(message => message.Content).ShouldBe(["What should we build?", "I have asked tesla.", "Tesla says: use REST."]);
        var log = await turns.SaidAsync(session.Session.ConversationId);
        log.Select(message => (message.SenderName, message.Type, message.Content)).ShouldBe([("ghost", MessageType.Request, "Design the API"), ("tesla", MessageType.Result, "Use REST.")]);
        var facts = JsonDocument.Parse(log[1].Metadata).RootElement.GetProperty("parley.session");
        facts.GetProperty("status").GetString().ShouldBe("completed");
        facts.GetProperty("tokens").GetInt64().ShouldBe(110);
        facts.GetProperty("transcript").GetString().ShouldBe($"/api/v1/sessions/{session.Session.Id}/log");
        (await turns.RootAsync(asked.Id)).Turns.ShouldBe(3);
        (await turns.DueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_subagent_sees_its_task_and_nothing_of_its_parent()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Only this"}""")).Says("asked", "done");
        await House.SayAsync(House.Owner, "ghost", "The password is swordfish.");
        await turns.RunAllAsync();
        var child = turns.Model.Requests.Single(request => ScriptedRuntime.IsOf(request, "tesla"));
        var text = child.Persona + child.Instructions + string.Concat(child.Messages.Select(message => message.Text));
        text.ShouldContain("Only this");
        text.ShouldNotContain("swordfish");
        child.Instructions.ShouldContain("You know nothing of the conversation");
    }

    [Fact]
    public async Task A_fork_begins_with_a_copy_of_the_conversation()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Go on","context":"fork"}""")).Says("asked", "done");
        await House.SayAsync(House.Owner, "ghost", "The password is swordfish.");
        await turns.RunAllAsync();
        var child = turns.Model.Requests.Single(request => ScriptedRuntime.IsOf(request, "tesla"));
        string.Concat(child.Messages.Select(message => message.Text)).ShouldContain("swordfish");
    }

    [Fact]
    public async Task The_results_of_six_that_one_turn_spawned_start_one_turn_of_the_parent()
    {
        turns.Policy.Current = turns.Policy.Current with { Defaults = turns.Policy.Current.Defaults with { MaxChildren = 10 } };
        turns.Model.CallsTools([.. Enumerable.Range(1, 6).Select(i => (SessionTools.SpawnName, $$"""{"agentId":"tesla","task":"Part {{i}}"}"""))]).Says("Six are at work.");
        turns.Model.For("tesla", "A pitch.").For("ghost", "The report.");
        var asked = (await House.SayAsync(House.Owner, "ghost", "Standup")).Message;
        (await turns.RunAllAsync()).ShouldBe(8);
        (await turns.SaidAsync(asked.ConversationId)).Select(message => message.Content).ShouldBe(["Standup", "Six are at work.", "The report."]);
        var report = turns.Model.Requests[^1].Messages[^1].Text;
        report.Split("A pitch.").Length.ShouldBe(7);
        report.ShouldContain("status=\"completed\"");
    }

    [Fact]
    public async Task The_turn_that_gets_the_results_reads_again_what_it_was_asked_and_has_said()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Design it"}""")).Says("Tesla is at work.", "Use REST.", "Here it is.");
        await House.SayAsync(House.Owner, "ghost", "What should we build?");
        await turns.RunAllAsync();
        var last = turns.Model.Requests[^1];
        last.Messages.ShouldContain(message => message.Role == PromptRole.User && message.Text.Contains("What should we build?"));
        last.Messages.Where(message => message.Role == PromptRole.Assistant).Select(message => message.Text).ShouldBe(["Design it", "Tesla is at work."], ignoreOrder: true);
        last.Messages[^1].Text.ShouldContain("Use REST.");
        last.Instructions.ShouldContain("as the answer to message 1.");
    }

    [Fact]
    public async Task A_message_that_comes_meanwhile_is_answered_without_the_first_of_several_results()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"One"}"""), (SessionTools.SpawnName, """{"agentId":"aaron","task":"Two"}""")).Says("Both are at work.");
        turns.Model.For("tesla", "First result.").For("aaron", "Second result.").When(request => IsTold(request, "Still there?"), _ => turns.Model.Text("Yes."));
        turns.Model.When(request => IsTold(request, "First result.") && IsTold(request, "Second result."), _ => turns.Model.Text("The report."));
        var asked = (await House.SayAsync(House.Owner, "ghost", "Standup")).Message;
        await RunNextOfAsync(ghost);
        await RunNextOfAsync(tesla);
        (await ListAsync(House.Owner)).Count(status => status.Session.Ended).ShouldBe(1);
        await House.SayAsync(House.Owner, "ghost", "Still there?");
        await RunNextOfAsync(ghost);
        await turns.RunAllAsync();
        (await turns.SaidAsync(asked.ConversationId)).Select(message => message.Content).ShouldBe(["Standup", "Both are at work.", "Still there?", "Yes.", "The report."]);
    }

    [Fact]
    public async Task Two_who_asked_are_both_answered_when_their_results_come_at_once()
    {
        var other = await House.AgentAsync("other");
        await House.LinkAsync(other, ghost);
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"For the owner"}""")).Says("asked");
        var first = (await House.SayAsync(House.Owner, "ghost", "One")).Message;
        await RunNextOfAsync(ghost);
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"For the other"}""")).Says("asked");
        var second = (await House.SayAsync(other, "ghost", "Two")).Message;
        turns.Model.For("tesla", "Done.").For("ghost", "Reported.");
        await RunNextOfAsync(ghost);
        await RunNextOfAsync(tesla);
        await RunNextOfAsync(tesla);
        await turns.RunAllAsync();
        (await turns.SaidAsync(first.ConversationId))[^1].Content.ShouldBe("Reported.");
        (await turns.SaidAsync(second.ConversationId))[^1].Content.ShouldBe("Reported.");
    }

    [Fact]
    public async Task A_program_that_spawns_gets_the_result_in_its_inbox_with_the_end_of_the_session()
    {
        var program = await House.AgentAsync("program");
        turns.Model.Says("Here it is.");
        var receipt = await SpawnAsync(program, "tesla", "Work");
        (receipt.Status, receipt.Session.State).ShouldBe(("accepted", SubagentState.Running));
        await turns.RunAllAsync();
        var inbox = await House.InboxAsync(program);
        inbox.ShouldHaveSingleItem().Message.ShouldSatisfyAllConditions(
            message => message.Content.ShouldBe("Here it is."), message => message.SenderName.ShouldBe("tesla"), message => message.Type.ShouldBe(MessageType.Result));
        var details = await turns.Session.RunAsync(program, receipt.Session.Key, Ct);
        (details.Status.Session.State, details.Result!.Id).ShouldBe((SubagentState.Completed, inbox[0].Message.Id));
    }

    [Fact]
    public async Task A_killed_session_reports_and_ends_what_it_has_spawned_except_what_may_outlive_it()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Lead"}""")).Says("asked");
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Below"}"""), (SessionTools.SpawnName, """{"agentId":"tesla","task":"Stays","outlive":true}""")).Says("waiting");
        await House.SayAsync(House.Owner, "ghost", "Go");
        await turns.RunRoundAsync();
        await turns.RunRoundAsync();
        var lead = (await ListAsync(House.Owner)).Single(status => status.Session.Level == 1).Session;
        (await turns.Kill.RunAsync(House.Owner, lead.Key, "enough", Ct)).State.ShouldBe(SubagentState.Killed);
        var all = (await ListAsync(House.Owner)).ToDictionary(status => status.Session.Task, status => status.Session);
        (all["Lead"].State, all["Below"].State, all["Stays"].State).ShouldBe((SubagentState.Killed, SubagentState.Killed, SubagentState.Running));
        all["Stays"].ParentSessionId.ShouldBeNull();
        all["Lead"].Reason.ShouldBe("killed by owner: enough");
        turns.Model.For("tesla", "late").For("ghost", "Told.");
        await turns.RunAllAsync();
        (await ListAsync(House.Owner)).ShouldAllBe(status => status.Session.Ended && status.Session.ResultId != null);
        (await Should.ThrowAsync<ParleyError>(() => turns.Kill.RunAsync(House.Owner, lead.Key, null, Ct))).Code.ShouldBe(ErrorCode.SessionEnded);
    }

    [Fact]
    public async Task A_session_waits_for_what_it_has_spawned_before_it_ends()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Architecture"}""")).Says("asked tesla");
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"aaron","task":"Data"}""")).Says("asked aaron", "tables", "architecture with tables", "All done.");
        var asked = (await House.SayAsync(House.Owner, "ghost", "Plan")).Message;
        await turns.RunAllAsync();
        (await turns.SaidAsync(asked.ConversationId))[^1].Content.ShouldBe("All done.");
        var sessions = (await ListAsync(House.Owner)).ToDictionary(status => status.Session.Task, status => status.Session);
        (await turns.SaidAsync(sessions["Architecture"].ConversationId)).Select(message => (message.Type, message.Content))
            .ShouldBe([(MessageType.Request, "Architecture"), (MessageType.Status, "asked aaron"), (MessageType.Result, "architecture with tables")]);
    }

    [Fact]
    public async Task What_is_steered_into_a_running_turn_is_before_its_next_model_call()
    {
        var receipt = await SpawnAsync(House.Owner, "tesla", "Work");
        turns.Model.Then(request =>
        {
            turns.Steer.RunAsync(House.Owner, receipt.Session.Key, "Leave the invoices out.", null, Ct).GetAwaiter().GetResult();
            return turns.Model.Tools((BuiltInTools.ContactsName, "{}"));
        });
        turns.Model.Says("Without invoices.");
        (await turns.RunAllAsync()).ShouldBe(1);
        turns.Model.Calls.ShouldBe(2);
        turns.Model.Requests[1].Messages[^1].Text.ShouldContain("Leave the invoices out.");
        (await turns.Session.RunAsync(House.Owner, receipt.Session.Key, Ct)).Result!.Content.ShouldBe("Without invoices.");
    }

    [Fact]
    public async Task What_comes_while_the_last_answer_is_made_is_answered_before_the_session_ends()
    {
        var receipt = await SpawnAsync(House.Owner, "tesla", "Work");
        turns.Model.Then(request =>
        {
            turns.Steer.RunAsync(House.Owner, receipt.Session.Key, "And the tests?", null, Ct).GetAwaiter().GetResult();
            return turns.Model.Text("Done.");
        });
        turns.Model.Says("Done, with tests.");
        (await turns.RunAllAsync()).ShouldBe(1);
        (await turns.Session.RunAsync(House.Owner, receipt.Session.Key, Ct)).Result!.Content.ShouldBe("Done, with tests.");
    }

    [Fact]
    public async Task A_structured_result_is_checked_and_asked_for_once_more()
    {
        var input = new SpawnInput { Agent = "tesla", Task = "Count", Schema = """{"required":["count"]}""" };
        turns.Model.Says("Seven.", "```json\n{\"count\":7}\n```");
        var good = (await turns.Spawn.RunAsync(House.Owner, input, Ct)).Session;
        await turns.RunAllAsync();
        (await turns.Session.RunAsync(House.Owner, good.Key, Ct)).Result!.Content.ShouldBe("""{"count":7}""");
        turns.Model.Requests[1].Messages[^1].Text.ShouldContain("It is the last time", Case.Insensitive);

        turns.Model.Says("Seven.", "Still seven.");
        var bad = (await turns.Spawn.RunAsync(House.Owner, input, Ct)).Session;
        await turns.RunAllAsync();
        var ended = (await turns.Session.RunAsync(House.Owner, bad.Key, Ct)).Status.Session;
        (ended.State, turns.Model.Calls).ShouldBe((SubagentState.Failed, 4));
        ended.Reason.ShouldNotBeNull().ShouldContain("JSON Schema");
    }

    [Fact]
    public async Task A_model_that_fails_for_good_fails_the_session_and_the_parent_is_told()
    {
        var program = await House.AgentAsync("program");
        turns.Model.Fails(RuntimeFaultKind.UnknownModel);
        var receipt = await SpawnAsync(program, "tesla", "Work");
        await turns.RunAllAsync();
        (await turns.Session.RunAsync(program, receipt.Session.Key, Ct)).Status.Session.State.ShouldBe(SubagentState.Failed);
        (await House.InboxAsync(program)).ShouldHaveSingleItem().Message.ShouldSatisfyAllConditions(
            message => message.SenderKind.ShouldBe(CallerKind.System), message => message.Type.ShouldBe(MessageType.Result), message => message.Content.ShouldContain("scripted UnknownModel"));
    }

    [Fact]
    public async Task A_question_to_an_agent_is_answered_within_the_turn_and_starts_no_other()
    {
        await House.LinkAsync(ghost, tesla);
        turns.Model.CallsTools((SessionTools.SendName, """{"sessionKey":"agent:tesla:main","message":"How many?","wait":5}""")).Says("I will see.");
        var asked = (await House.SayAsync(House.Owner, "ghost", "Ask tesla")).Message;
        await turns.RunRoundAsync();
        turns.Model.Says("Seven.");
        turns.Model.Requests[1].Messages[^1].Text.ShouldContain("\"delivered\"");
        await turns.RunAllAsync();
        (await turns.SaidAsync(asked.ConversationId))[^1].Content.ShouldBe("I will see.");
    }

    [Fact]
    public async Task What_an_agent_has_spawned_in_a_meeting_comes_back_into_the_meeting_and_is_said_aloud_there()
    {
        await new StartMeeting(House.Database, House.Board, new MeetingTemplates(null), House.Clock).RunAsync(House.Owner, new StartMeetingInput(["ghost", "aaron"], Name: "board"), Ct);
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Count"}""")).Says("Tesla counts.", "Seven.", "Tesla counted seven.");
        var asked = (await House.SayAsync(House.Owner, "meeting:board", "@ghost how many?")).Message;
        await turns.RunAllAsync();
        (await turns.SaidAsync(asked.ConversationId)).Select(message => message.Content).ShouldBe(["@ghost how many?", "Tesla counts.", "Tesla counted seven."]);
        (await turns.SaidAsync(asked.ConversationId)).ShouldAllBe(message => message.RootId == asked.Id);
    }

    [Fact]
    public async Task A_sub_agent_reads_what_it_is_and_works_with_and_nothing_of_its_people_and_memory()
    {
        using var folder = new TempFolder();
        foreach (var name in PersonaFiles.Names)
        {
            await File.WriteAllTextAsync(folder[name], $"content of {name}", Ct);
        }

        await turns.HostAsync("bond", input => input with { Persona = folder[""] });
        turns.Model.For("bond", "Done.");
        await SpawnAsync(House.Owner, "bond", "Work");
        await turns.RunAllAsync();
        turns.Model.Requests[^1].Persona.ShouldBe("content of AGENTS.md\n\ncontent of TOOLS.md");
        await House.SayAsync(House.Owner, "bond", "Hello");
        await turns.RunAllAsync();
        turns.Model.Requests[^1].Persona.Split("content of").Length.ShouldBe(7);
    }

    [Fact]
    public async Task A_question_of_a_session_that_has_ended_meanwhile_is_not_answered_instead_of_who_asked()
    {
        turns.Model.CallsTools((SessionTools.SpawnName, """{"agentId":"tesla","task":"Paint it"}""")).Says("Tesla paints.");
        turns.Model.CallsTools((SessionTools.SendName, """{"sessionKey":"parent","message":"Which colour?","wait":0}"""))
            .CallsTools((BuiltInTools.ContactsName, "{}")).Says("Painted blue.", "It is painted.");
        var asked = (await House.SayAsync(House.Owner, "ghost", "Paint the shed")).Message;
        await turns.RunAllAsync();
        var session = (await ListAsync(House.Owner)).ShouldHaveSingleItem().Session;
        (await turns.SaidAsync(session.ConversationId)).Select(message => (message.SenderName, message.Content))
            .ShouldBe([("ghost", "Paint it"), ("tesla", "Which colour?"), ("tesla", "Painted blue.")]);
        (await turns.SaidAsync(asked.ConversationId))[^1].Content.ShouldBe("It is painted.");
    }

    [Fact]
    public async Task A_result_is_announced_in_a_channel_as_well()
    {
        turns.Model.Says("Standup done.");
        await turns.Spawn.RunAsync(House.Owner, new SpawnInput { Agent = "tesla", Task = "Standup", Announce = "channel:general" }, Ct);
        await turns.RunAllAsync(20);
        (await turns.AllSaidAsync()).Count(message => message is { Channel: "general", Content: "Standup done.", SenderName: "tesla", Type: MessageType.Result }).ShouldBe(1);
        (await RefusedAsync(House.Owner, new SpawnInput { Agent = "tesla", Task = "x", Announce = "channel:nowhere" })).Code.ShouldBe(ErrorCode.NotMember);
    }

    [Fact]
    public async Task A_turn_that_was_lost_with_its_owner_goes_on_and_the_result_is_reported_once()
    {
        var program = await House.AgentAsync("program");
        await SpawnAsync(program, "tesla", "Work");
        await turns.ClaimNextAsync();
        await turns.LoseLeasesAsync();
        turns.Model.Says("Done.");
        await turns.RunAllAsync();
        (await House.InboxAsync(program)).ShouldHaveSingleItem().Message.Content.ShouldBe("Done.");
        (await turns.Store.ReadAsync(unit => unit.Subagents.FiguresAsync(House.Owner.OrganizationId, House.Now.AddDays(-1)), Ct))
            .ShouldSatisfyAllConditions(figures => figures.Completed.ShouldBe(1), figures => figures.Reported.ShouldBe(1), figures => figures.Spawned.ShouldBe(1));
    }
}

public sealed class SqliteSessionTests() : SessionConformance(new SqliteStore());

public sealed class PostgresSessionTests() : SessionConformance(new PostgresStore());
