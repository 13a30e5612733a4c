using System.Text.Json;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Maintenance;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Tests.Storage.Conformance;
using Parley.Tests.Turns;

namespace Parley.Tests.Sessions;

/// <summary>What keeps spawned sessions within bounds, and from whom they are kept, on both databases.</summary>
public abstract class SessionLimitConformance(TestStore store) : SessionFixture(store)
{
    [Fact]
    public async Task The_same_key_spawns_once_and_another_task_under_it_is_refused()
    {
        var program = await House.AgentAsync("program");
        var input = new SpawnInput { Agent = "tesla", Task = "Work", Key = "k1" };
        var first = await turns.Spawn.RunAsync(program, input, Ct);
        var again = await turns.Spawn.RunAsync(program, input, Ct);
        (again.Duplicate, again.Session.Id).ShouldBe((true, first.Session.Id));
        (await Should.ThrowAsync<ParleyError>(() => turns.Spawn.RunAsync(program, input with { Task = "Other" }, Ct))).Code.ShouldBe(ErrorCode.KeyReused);
    }

    [Fact]
    public async Task Every_row_of_the_documents_error_table_is_refused_with_its_fix()
    {
        var program = await House.AgentAsync("program");
        turns.Policy.Current = new SessionPolicy
        {
            RefuseInvalidModel = true, Models = ["demo/scripted", "demo/allowed"],
            Providers = new Dictionary<string, IReadOnlyList<string>?> { ["demo"] = ["scripted", "allowed", "known"] },
        };
        (await RefusedAsync(program, new SpawnInput { Agent = "tesla", Task = "x" })).ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe(ErrorCode.Forbidden), error => error.Message.ShouldStartWith("Forbidden"), error => error.Fix.ShouldContain("allowAgents"));
        turns.Policy.Open();
        (await RefusedAsync(program, new SpawnInput { Agent = "tesla", Task = "x", Model = "demo/unheard" })).ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe(ErrorCode.UnknownModel), error => error.Message.ShouldStartWith("Unknown model"), error => error.Fix.ShouldBe("Add to `models.providers`."));
        (await RefusedAsync(program, new SpawnInput { Agent = "tesla", Task = "x", Model = "demo/known" })).ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe(ErrorCode.ModelNotAllowed), error => error.Message.ShouldStartWith("Model not allowed"), error => error.Fix.ShouldBe("Add entry with `{}` params."));
        for (var i = 0; i < 5; i++)
        {
            await SpawnAsync(program, "tesla", $"Work {i}");
        }

        (await RefusedAsync(program, new SpawnInput { Agent = "tesla", Task = "x" })).ShouldSatisfyAllConditions(
            error => error.Code.Name.ShouldBe("maxChildrenPerAgent"), error => error.Fix.ShouldStartWith("Wait for completion or increase limit"));
        (await ListAsync(House.Owner)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_model_that_is_not_allowed_falls_back_to_the_default_with_a_warning()
    {
        turns.Policy.Current = turns.Policy.Current with { Models = ["demo/scripted"], Defaults = turns.Policy.Current.Defaults with { Model = "demo/scripted" } };
        var receipt = await turns.Spawn.RunAsync(House.Owner, new SpawnInput { Agent = "tesla", Task = "x", Model = "demo/other" }, Ct);
        receipt.Session.Model.ShouldBe("demo/scripted");
        receipt.Warnings.ShouldHaveSingleItem().ShouldStartWith("Model not allowed");
    }

    [Fact]
    public async Task What_is_over_the_capacity_waits_and_starts_in_fair_order()
    {
        turns.Policy.Current = turns.Policy.Current with { MaxConcurrent = 2, Defaults = turns.Policy.Current.Defaults with { MaxChildren = 10 } };
        var (one, two) = (await House.AgentAsync("one"), await House.AgentAsync("two"));
        var spawned = new List<Subagent>();
        for (var i = 0; i < 4; i++)
        {
            spawned.Add((await SpawnAsync(one, "tesla", $"One {i}")).Session);
        }

        spawned.Add((await SpawnAsync(two, "tesla", "Two")).Session);
        spawned.Select(session => session.State).ShouldBe([SubagentState.Running, SubagentState.Running, SubagentState.Queued, SubagentState.Queued, SubagentState.Queued]);
        (await turns.DueAsync()).Count.ShouldBe(2);
        await turns.Kill.RunAsync(House.Owner, spawned[0].Key, null, Ct);
        (await StateAsync(spawned[4])).ShouldBe(SubagentState.Running);
        (await StateAsync(spawned[2])).ShouldBe(SubagentState.Queued);
        turns.Model.For("tesla", "done");
        await turns.RunAllAsync();
        (await ListAsync(House.Owner)).Count(status => status.Session.State == SubagentState.Completed).ShouldBe(4);
    }

    [Fact]
    public async Task A_session_whose_time_is_over_reports_timed_out_and_its_late_answer_is_not_written()
    {
        var program = await House.AgentAsync("program");
        var receipt = await turns.Spawn.RunAsync(program, new SpawnInput { Agent = "tesla", Task = "Slow", Timeout = TimeSpan.FromMinutes(1) }, Ct);
        var claimed = await turns.ClaimNextAsync();
        House.Clock.Advance(TimeSpan.FromMinutes(2));
        await turns.Watch.RunOnceAsync(Ct);
        turns.Model.Says("too late");
        await turns.Run.RunAsync(claimed, Ct);
        var ended = (await turns.Session.RunAsync(program, receipt.Session.Key, Ct)).Status.Session;
        (ended.State, ended.Reason).ShouldBe((SubagentState.TimedOut, "its time of 1m 0s was over"));
        (await House.InboxAsync(program)).ShouldHaveSingleItem().Message.Content.ShouldContain("timed_out");
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem().Kind.ShouldBe("session_timed_out");
        (await turns.DueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_guardian_ends_a_session_that_makes_no_progress()
    {
        var receipt = await SpawnAsync(House.Owner, "tesla", "Stuck");
        await turns.ClaimNextAsync();
        House.Clock.Advance(TimeSpan.FromMinutes(11));
        await turns.Watch.RunOnceAsync(Ct);
        var ended = (await turns.Session.RunAsync(House.Owner, receipt.Session.Key, Ct)).Status.Session;
        ended.State.ShouldBe(SubagentState.Killed);
        ended.Reason.ShouldNotBeNull().ShouldStartWith("session guardian: no progress");
    }

    [Fact]
    public async Task A_session_over_its_tokens_is_ended_before_the_call_that_would_pass_them()
    {
        var receipt = await turns.Spawn.RunAsync(House.Owner, new SpawnInput { Agent = "tesla", Task = "Big", MaxTokens = 100 }, Ct);
        await turns.RunAllAsync();
        turns.Model.Calls.ShouldBe(0);
        var ended = (await turns.Session.RunAsync(House.Owner, receipt.Session.Key, Ct)).Status.Session;
        ended.State.ShouldBe(SubagentState.Killed);
        ended.Reason.ShouldNotBeNull().ShouldContain("maxTokens");
    }

    [Fact]
    public async Task A_chain_that_has_met_its_bound_spawns_nothing_more()
    {
        turns.Model.When(_ => true, _ => turns.Model.Calls % 2 == 1 ? turns.Model.Tools((SessionTools.SpawnName, """{"agentId":"tesla","task":"deeper"}""")) : turns.Model.Text("waiting"));
        turns.Policy.Current = turns.Policy.Current with { MaxSpawnDepth = 10, MaxConcurrent = 100, Defaults = turns.Policy.Current.Defaults with { MaxChildren = 10 } };
        var asked = (await House.SayAsync(House.Owner, "tesla", "Go")).Message;
        await turns.RunAllAsync();
        var sessions = await ListAsync(House.Owner);
        sessions.Max(status => status.Session.Level).ShouldBe(4);
        sessions.ShouldAllBe(status => status.Session.Ended);
        (await turns.RootAsync(asked.Id)).Turns.ShouldBeLessThanOrEqualTo(50);
    }

    [Fact]
    public async Task An_agent_sees_and_commands_only_what_it_has_spawned()
    {
        var (one, two) = (await House.AgentAsync("one"), await House.AgentAsync("two"));
        var session = (await SpawnAsync(one, "tesla", "Secret")).Session;
        (await ListAsync(two)).ShouldBeEmpty();
        foreach (var refused in new Func<Task>[]
        {
            () => turns.Session.RunAsync(two, session.Key, Ct), () => turns.Log.RunAsync(two, session.Key, Ct), () => turns.Kill.RunAsync(two, session.Key, null, Ct),
            () => turns.Steer.RunAsync(two, session.Key, "x", null, Ct), () => turns.Session.RunAsync(two, Guid.NewGuid().ToString(), Ct),
        })
        {
            (await Should.ThrowAsync<ParleyError>(refused)).Code.ShouldBe(ErrorCode.NotFound);
        }

        (await Should.ThrowAsync<ParleyError>(() => turns.Kill.RunAsync(tesla, session.Key, null, Ct))).Code.ShouldBe(ErrorCode.Forbidden);
        await turns.Send.RunAsync(two, new SendInput { To = "session:" + session.Id, Content = "x" }, Ct).RefusedAsync(ErrorCode.UnknownRecipient);
    }

    [Fact]
    public async Task A_held_spawn_starts_when_a_person_approves_it_and_ends_when_refused()
    {
        turns.Policy.Current = turns.Policy.Current with { HoldSpawns = true };
        var program = await House.AgentAsync("program");
        var (good, bad) = ((await SpawnAsync(program, "tesla", "Good")), await SpawnAsync(program, "tesla", "Bad"));
        (good.Status, good.Session.State).ShouldBe(("held", SubagentState.Held));
        (await turns.DueAsync()).ShouldBeEmpty();
        var held = (await turns.AllSaidAsync()).ToDictionary(message => message.Content, message => message.Id);
        await House.Holds.ApproveAsync(House.Owner, held["Good"], null, Ct);
        await House.Holds.RefuseAsync(House.Owner, held["Bad"], "no", Ct);
        await turns.Watch.RunOnceAsync(Ct);
        turns.Model.Says("done");
        await turns.RunAllAsync();
        (await StateAsync(good.Session)).ShouldBe(SubagentState.Completed);
        (await StateAsync(bad.Session)).ShouldBe(SubagentState.Killed);
    }

    [Fact]
    public async Task Agents_that_a_person_allowed_by_name_may_talk_and_are_linked_once()
    {
        turns.Policy.Current = turns.Policy.Current with { Allow = ["ghost", "tesla"] };
        var answer = await turns.Ask.RunAsync(ghost, new SendToSessionInput("agent:tesla:main", null, null, "Strategic review needed", TimeSpan.Zero, null), Ct);
        (answer.Status, answer.SessionKey).ShouldBe(("delivered", "agent:tesla:main"));
        (await Should.ThrowAsync<ParleyError>(() => turns.Ask.RunAsync(ghost, new SendToSessionInput(null, "aaron", null, "x", TimeSpan.Zero, null), Ct))).Code.ShouldBe(ErrorCode.Forbidden);
        turns.Policy.Current = turns.Policy.Current with { AgentToAgent = false };
        (await Should.ThrowAsync<ParleyError>(() => turns.Ask.RunAsync(ghost, new SendToSessionInput(null, "tesla", null, "x", TimeSpan.Zero, null), Ct))).Code.ShouldBe(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task An_alias_stands_for_its_agent_in_spawns_sends_and_the_lists_of_the_policy()
    {
        await House.EditAgent.RunAsync(House.Owner, "tesla", new EditAgentInput(Aliases: ["nikola"]), Ct);
        await House.EditAgent.RunAsync(House.Owner, "ghost", new EditAgentInput(Aliases: ["boo"]), Ct);
        turns.Policy.Current = new SessionPolicy
        {
            Allow = ["boo", "nikola"],
            Agents = new Dictionary<string, AgentSessionPolicy> { ["boo"] = new() { AllowAgents = ["nikola"], MaxChildren = 1 } },
        };
        var session = (await SpawnAsync(ghost, "nikola", "Design it")).Session;
        (session.AgentName, session.Key.StartsWith("agent:tesla:subagent:", StringComparison.Ordinal)).ShouldBe(("tesla", true));
        var full = await RefusedAsync(ghost, new SpawnInput { Agent = "tesla", Task = "more" });
        (full.Code, full.Fix).ShouldBe((ErrorCode.MaxChildrenPerAgent, "Wait for completion or increase limit: agents.list[].subagents.maxChildrenPerAgent of 'ghost' in parley.json, at most 10."));
        (await RefusedAsync(ghost, new SpawnInput { Agent = "aaron", Task = "x" })).Code.ShouldBe(ErrorCode.Forbidden);
        (await turns.Ask.RunAsync(ghost, Ask(null, "nikola", "Hello"), Ct)).SessionKey.ShouldBe("agent:tesla:main");
        (await turns.Ask.RunAsync(ghost, Ask("agent:nikola:main", null, "Hello again"), Ct)).SessionKey.ShouldBe("agent:tesla:main");
    }

    [Fact]
    public async Task A_session_that_is_spoken_to_by_label_and_agent_is_made_where_there_is_none()
    {
        turns.Model.Says("Noted.", "Again.");
        var input = new SendToSessionInput(null, "tesla", "notes", " The build is green ", TimeSpan.Zero, "k1");
        var first = await turns.Ask.RunAsync(House.Owner, input, Ct);
        (first.Status, first.Sent.Content).ShouldBe(("delivered", "The build is green"));
        (await turns.Ask.RunAsync(House.Owner, input, Ct)).Sent.Id.ShouldBe(first.Sent.Id);
        var second = await turns.Ask.RunAsync(House.Owner, input with { Message = "And quick", Key = null }, Ct);
        (second.SessionKey, second.Sent.ConversationId).ShouldBe((first.SessionKey, first.Sent.ConversationId));
        var wrong = await Should.ThrowAsync<ParleyError>(() => turns.Ask.RunAsync(House.Owner, input with { AgentId = "aaron", Key = null }, Ct));
        wrong.Code.ShouldBe(ErrorCode.Conflict);
        (await Should.ThrowAsync<ParleyError>(() => turns.Ask.RunAsync(House.Owner, input with { AgentId = null, Label = "unknown", Key = null }, Ct))).Code.ShouldBe(ErrorCode.NotFound);
        await turns.RunAllAsync();
        var session = (await ListAsync(House.Owner)).ShouldHaveSingleItem().Session;
        (session.State, session.Label, session.ParentName).ShouldBe((SubagentState.Completed, "notes", "owner"));

        // The same call again finds its answer; a new one finds the label free.
        (await turns.Ask.RunAsync(House.Owner, input, Ct)).Status.ShouldBe("answered");
        (await turns.Ask.RunAsync(House.Owner, input with { Key = null }, Ct)).SessionKey.ShouldNotBe(first.SessionKey);
        (await ListAsync(House.Owner)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_session_is_made_within_the_limits_of_a_spawn_alone()
    {
        turns.Policy.Current = new SessionPolicy();
        (await Should.ThrowAsync<ParleyError>(() => turns.Ask.RunAsync(ghost, new SendToSessionInput(null, "tesla", "notes", "x", TimeSpan.Zero, null), Ct))).Code.ShouldBe(ErrorCode.Forbidden);
        (await ListAsync(House.Owner)).ShouldBeEmpty();
        for (var i = 0; i < 5; i++)
        {
            await turns.Ask.RunAsync(ghost, new SendToSessionInput(null, "ghost", $"notes-{i}", "x", TimeSpan.Zero, null), Ct);
        }

        (await Should.ThrowAsync<ParleyError>(() => turns.Ask.RunAsync(ghost, new SendToSessionInput(null, "ghost", "notes-6", "x", TimeSpan.Zero, null), Ct))).Code.ShouldBe(ErrorCode.MaxChildrenPerAgent);
    }

    [Fact]
    public async Task Removing_an_agent_ends_its_sessions_and_what_it_has_spawned_at_once()
    {
        var program = await House.AgentAsync("program");
        var work = (await SpawnAsync(program, "tesla", "Work")).Session;
        var outlives = (await turns.Spawn.RunAsync(tesla, new SpawnInput { Agent = "aaron", Task = "Go on", Outlive = true }, Ct)).Session;
        var spawned = (await SpawnAsync(tesla, "aaron", "Help")).Session;
        var other = (await SpawnAsync(program, "aaron", "Other")).Session;
        await House.RemoveAgent.RunAsync(House.Owner, "tesla", Ct);

        var ended = (await turns.Session.RunAsync(House.Owner, work.Key, Ct)).Status.Session;
        (ended.State, ended.Reason).ShouldBe((SubagentState.Killed, "the agent 'tesla' was removed"));
        (await StateAsync(spawned)).ShouldBe(SubagentState.Killed);
        (await StateAsync(outlives), await StateAsync(other)).ShouldBe((SubagentState.Running, SubagentState.Running));
        var told = (await House.InboxAsync(program)).ShouldHaveSingleItem().Message;
        (told.Type, told.SessionId).ShouldBe((MessageType.Result, (Guid?)work.Id));
        told.Content.ShouldContain("the agent 'tesla' was removed");
        await turns.RunAllAsync();
        (await turns.Watch.RunOnceAsync(Ct)).ShouldBeFalse();
        (await House.InboxAsync(program)).Select(item => item.Message.SessionId).ShouldBe([work.Id, other.Id]);
    }

    [Fact]
    public async Task Retention_deletes_an_ended_session_when_nothing_is_left_of_it_and_never_an_unread_result()
    {
        var prune = new PruneMessages(House.Database, new Retention(7), House.Clock);
        turns.Model.Says("done");
        var program = await House.AgentAsync("program");
        var session = (await SpawnAsync(program, "tesla", "Work")).Session;
        await turns.RunAllAsync();
        House.Clock.Advance(TimeSpan.FromDays(30));
        await PruneAsync();
        (await StateAsync(session)).ShouldBe(SubagentState.Completed);
        (await House.TextsAsync(program)).ShouldBe(["done"]);

        await House.Acknowledge.RunAsync(program, (await House.InboxAsync(program))[0].Number, Ct);
        House.Clock.Advance(TimeSpan.FromDays(6));
        await PruneAsync();
        (await StateAsync(session)).ShouldBe(SubagentState.Completed);
        var open = (await SpawnAsync(program, "tesla", "Still to do")).Session;
        House.Clock.Advance(TimeSpan.FromDays(2));
        await PruneAsync();
        (await ListAsync(House.Owner)).ShouldHaveSingleItem().Session.Id.ShouldBe(open.Id);
        (await House.Database.ReadAsync(unit => unit.Conversations.FindAsync(session.OrganizationId, session.ConversationId), Ct)).ShouldBeNull();
        (await turns.RootAsync(session.RootId)).Account.Spent.Tokens.ShouldBe(110);

        async Task PruneAsync()
        {
            while (await prune.RunOnceAsync(Ct))
            {
            }
        }
    }

    private static SendToSessionInput Ask(string? key, string? agent, string text) => new(key, agent, null, text, TimeSpan.Zero, null);
}

public sealed class SqliteSessionLimitTests() : SessionLimitConformance(new SqliteStore());

public sealed class PostgresSessionLimitTests() : SessionLimitConformance(new PostgresStore());
