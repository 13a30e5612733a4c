using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Tests.Runtimes.Programs;

/// <summary>Agents that are programs, on the real server: what they may and may not is what every agent may and may not.</summary>
public sealed class ProgramTurnTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_answers_a_message_and_its_chain_is_shown_with_what_it_used()
    {
        await using var server = await ProgramServer.StartAsync();
        (await server.CommandAsync("tesla", """echo '{"text":"Good morning.","session":"one","usage":{"input":100,"output":10},"cost":0.02}'""", "json")).Model.ShouldBe("command/custom");

        var tree = await server.EndedAsync((await server.SayAsync("tesla")).MessageId);

        var turn = tree.Turns.ShouldHaveSingleItem();
        (turn.State, turn.Calls, turn.Messages, turn.Usage.Input, turn.Usage.Output, turn.Cost).ShouldBe(("answered", 1, 1, 100, 10, 0.02m));
        (tree.Root.Tokens, tree.Root.Cost).ShouldBe((110, 0.02m));
        (await server.SaidAsync())[^1].Content.ShouldBe("Good morning.");
    }

    [Fact]
    public async Task A_program_goes_on_in_its_own_session_until_it_is_hosted_anew()
    {
        await using var server = await ProgramServer.StartAsync();
        const string Program = """cat >> prompts; echo >> prompts; echo '{"text":"Yes.","session":"mine"}'""";
        await server.CommandAsync("tesla", Program, "json");
        await server.EndedAsync((await server.SayAsync("tesla", "first")).MessageId);
        await server.EndedAsync((await server.SayAsync("tesla", "second")).MessageId);
        var program = (await server.Owner.Hosting.ReadAsync("tesla", Ct)).Program;
        await server.Owner.Hosting.HostAsync("tesla", new HostRequest(Runtime: "command", Program: program), Ct);
        await server.EndedAsync((await server.SayAsync("tesla", "third")).MessageId);

        var prompts = File.ReadAllLines(server["prompts"]);

        prompts.Select(prompt => prompt.Contains("\"session\":\"mine\"", StringComparison.Ordinal)).ShouldBe([false, true, false]);
    }

    [Fact]
    public async Task What_a_program_sends_belongs_to_the_chain_of_its_turn_and_its_token_ends_with_the_turn()
    {
        await using var server = await ProgramServer.StartAsync();
        var bob = await server.AddAsync("bob");
        await server.CommandAsync(
            "tesla",
            """
            printf '%s' "$PARLEY_TOKEN" > token
            post /api/v1/messages '{"to":"bob","content":"over HTTP"}' > http
            tool send_agent_message '{"to":"bob","message":"over MCP"}' > mcp
            tool send_agent_message '{"to":"bob","message":"over MCP"}' > again
            post /api/v1/messages '{"to":"mallory","content":"to a stranger"}' > refused
            echo Done.
            """);
        await server.LinkAsync("tesla", "bob");
        await server.AddAsync("mallory");

        var asked = await server.SayAsync("tesla");
        var tree = await server.EndedAsync(asked.MessageId);

        tree.Turns.ShouldHaveSingleItem().Messages.ShouldBe(3);
        var said = await server.SaidAsync();
        said.Select(message => (message.From, message.Content)).ShouldBe(
            [("owner", "Hello"), ("tesla", "over HTTP"), ("tesla", "over MCP"), ("tesla", "Done.")], ignoreOrder: true);
        said.ShouldAllBe(message => message.RootId == asked.MessageId);
        said.Single(message => message.Content == "over MCP").Depth.ShouldBe(1);
        File.ReadAllText(server["again"]).ShouldContain("duplicate");
        File.ReadAllText(server["refused"]).ShouldContain("not_linked");

        var token = File.ReadAllText(server["token"]);
        token.ShouldStartWith("pt_");
        using var late = new ParleyClient(server.Address, token);
        (await Should.ThrowAsync<ParleyException>(() => late.Messages.SendAsync(new SendRequest { To = "bob", Content = "too late" }, Ct))).Code.ShouldBe("unauthenticated");
    }

    [Fact]
    public async Task A_token_of_a_turn_that_another_owner_has_taken_over_sends_nothing()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AddAsync("bob");
        await server.CommandAsync("tesla", """echo go > begun; while [ ! -f lost ]; do sleep 0.02; done; post /api/v1/messages '{"to":"bob","content":"from a ghost"}' > answer; echo Done.""");
        await server.LinkAsync("tesla", "bob");
        await server.SayAsync("tesla");
        await server.WrittenAsync("begun");

        await server.Database.WriteAsync(unit => unit.Sessions.DropLeasesAsync(), Ct);
        await File.WriteAllTextAsync(server["lost"], "", Ct);

        (await server.WrittenAsync("answer")).ShouldContain("unauthenticated");
        (await server.SaidAsync()).ShouldNotContain(message => message.Content == "from a ghost");
    }

    [Fact]
    public async Task Two_programs_that_always_write_to_each_other_are_bounded_by_their_chain()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.Owner.Hosting.SetBudgetsAsync(new SetBudgetsRequest(new RootBounds(MaxDepth: 6, MaxTurns: 5)), Ct);
        await server.CommandAsync("tesla", """post /api/v1/messages "{\"to\":\"aaron\",\"content\":\"ping $$\"}" >> calls; echo PASS""");
        await server.CommandAsync("aaron", """post /api/v1/messages "{\"to\":\"tesla\",\"content\":\"pong $$\"}" >> calls; echo PASS""");
        await server.LinkAsync("tesla", "aaron");

        var asked = await server.SayAsync("tesla");
        var tree = await server.UntilAsync(asked.MessageId, tree => tree.Root.StoppedAt is not null && tree.Turns.All(turn => turn.State != "running"));

        tree.Turns.Count.ShouldBe(5);
        // Two of them may write at once, so it is not lines that are counted.
        File.ReadAllText(server["calls"]).Split("\"message_id\"").Length.ShouldBe(1 + 5);
        tree.Root.Reason.ShouldNotBeNull().ShouldContain("max_turns");
    }

    [Fact]
    public async Task A_link_without_credits_defers_what_a_program_sends()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AddAsync("bob");
        await server.CommandAsync("tesla", """for n in 1 2; do tool send_agent_message "{\"to\":\"bob\",\"message\":\"number $n\"}" > answer$n; done; echo Done.""");
        await server.LinkAsync("tesla", "bob", quota: 1);

        await server.EndedAsync((await server.SayAsync("tesla")).MessageId);

        File.ReadAllText(server["answer1"]).ShouldContain("accepted");
        File.ReadAllText(server["answer2"]).ShouldContain("deferred");
    }

    [Fact]
    [Alone]
    public async Task A_halt_ends_the_program_and_all_it_has_started_within_two_seconds_and_the_message_stays_unread()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.CommandAsync("tesla", """trap '' TERM; setsid sh -c 'echo $$ > grandchild; exec sleep 300' & echo $$ > pid; while :; do sleep 0.1; done""");
        await server.SayAsync("tesla");
        var (pid, grandchild) = (await server.WrittenAsync("pid"), await server.WrittenAsync("grandchild"));

        var began = TimeProvider.System.GetTimestamp();
        await server.Owner.Halts.PullAsync(new HaltRequest("agent", "tesla"), Ct);
        while (ProgramRig.Runs(pid) || ProgramRig.Runs(grandchild))
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }

        (await server.Owner.Agents.ReadAsync("tesla", Ct)).Unread.ShouldBe(1);
    }

    [Fact]
    public async Task A_program_without_a_price_is_not_run_where_a_budget_of_money_applies()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.Owner.Hosting.SetBudgetsAsync(new SetBudgetsRequest(new RootBounds(MaxCost: 1)), Ct);
        await server.CommandAsync("tesla", "echo ran > ran; echo Done.");

        var tree = await server.EndedAsync((await server.SayAsync("tesla")).MessageId);

        tree.Turns.ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("no known price");
        File.Exists(server["ran"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_limit_of_tokens_keeps_a_program_from_running_once_its_reports_have_met_it()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.CommandAsync("tesla", """echo run >> runs; echo '{"text":"Done.","usage":{"input":9000,"output":900}}'""", "json");
        await server.Owner.Hosting.SetBudgetsAsync(new SetBudgetsRequest(Day: new DayView("agent", "tesla", 10_000)), Ct);

        await server.EndedAsync((await server.SayAsync("tesla", "one")).MessageId);
        var second = (await server.SayAsync("tesla", "two")).MessageId;
        await server.UntilAsync(second, tree => tree.Turns.Count == 1);
        using var limit = new CancellationTokenSource(ProgramServer.Patience, TimeProvider.System);
        while ((await server.Owner.People.ListAttentionAsync(limit.Token)).Items.All(item => item.Kind != "turn_waits"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        File.ReadAllLines(server["runs"]).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_program_that_fails_leaves_the_message_unread_and_its_words_with_the_turn()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.CommandAsync("tesla", "echo 'the disk is full' >&2; exit 1");

        var tree = await server.EndedAsync((await server.SayAsync("tesla")).MessageId);

        var turn = tree.Turns.ShouldHaveSingleItem();
        turn.State.ShouldBe("failed");
        turn.Reason.ShouldNotBeNull().ShouldContain("exit code 1: the disk is full");
        (await server.Owner.Agents.ReadAsync("tesla", Ct)).Unread.ShouldBe(1);
    }

    [Fact]
    public async Task A_program_is_spawned_and_its_result_and_its_tools_are_told()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AcpAsync("tesla", "ok");

        var spawned = await server.Owner.Sessions.SpawnAsync(new SpawnRequest("tesla", "Look into it."), Ct);
        var ended = await server.Owner.Sessions.WaitAsync(spawned.SessionKey, Ct).Within(ProgramServer.Patience);

        ended.Session.Status.ShouldBe("completed");
        var log = (await server.Owner.Sessions.LogAsync(spawned.SessionKey, cancellation: Ct)).Entries;
        log.ShouldContain(entry => entry.Kind == "tool" && entry.Tool == "Read README.md" && entry.Answer == "completed");
        log[^1].Text.ShouldBe("It is done.");
    }

    [Fact]
    public async Task What_is_said_to_a_running_session_interrupts_its_coding_agent_which_goes_on_with_it()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AcpAsync("tesla", "steer");
        var spawned = await server.Owner.Sessions.SpawnAsync(new SpawnRequest("tesla", "Go."), Ct);
        await server.WrittenAsync("steered");

        await server.Owner.Sessions.SteerAsync(spawned.SessionKey, "Go left!", cancellation: Ct);
        var ended = await server.Owner.Sessions.WaitAsync(spawned.SessionKey, Ct).Within(ProgramServer.Patience);

        ended.Result.ShouldBe("I went left.");
        (await server.WrittenAsync("cancelled")).ShouldBe("cancelled");
        File.ReadAllLines(server["seen"]).Count(line => line.Contains("session/prompt", StringComparison.Ordinal)).ShouldBe(2);
        File.ReadAllLines(server["seen"])[^1].ShouldContain("Go left!");
    }

    [Fact]
    [Alone]
    public async Task A_killed_session_ends_its_program()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.CommandAsync("tesla", "echo $$ > pid; sleep 300");
        var spawned = await server.Owner.Sessions.SpawnAsync(new SpawnRequest("tesla", "Work."), Ct);
        var pid = await server.WrittenAsync("pid");

        var began = TimeProvider.System.GetTimestamp();
        (await server.Owner.Sessions.KillAsync(spawned.SessionKey, cancellation: Ct)).Status.ShouldBe("killed");
        while (ProgramRig.Runs(pid))
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }
    }

    [Fact]
    public async Task A_program_spawns_others_and_the_result_goes_to_whoever_asked_it()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.CommandAsync("aaron", "echo Forty-two.");
        await server.CommandAsync(
            "tesla",
            """
            if grep -q 'kind="parley" type="result"\|session=' ; then echo "The result is in."; else tool sessions_spawn '{"agentId":"aaron","task":"Count."}' > spawned; echo "I have asked aaron."; fi
            """);

        var asked = await server.SayAsync("tesla");
        await server.UntilAsync(asked.MessageId, tree => tree.Turns.Count >= 3 && tree.Turns.All(turn => turn.State != "running"));

        (await server.WrittenAsync("spawned")).ShouldContain("accepted");
        (await server.SaidAsync()).Where(message => message.From == "tesla" && message.Content == "The result is in.").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_program_speaks_in_a_meeting_and_on_schedule()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.CommandAsync("tesla", "cat > prompt; echo I am here.");
        var meeting = await server.Owner.Meetings.StartAsync(new StartMeetingRequest(["tesla"], Topic: "Roll call"), Ct);
        await server.Owner.Meetings.PostAsync(meeting.Id.ToString(), "@tesla?", Ct);
        await SaidAsync(1);
        (await server.WrittenAsync("prompt")).ShouldContain("Roll call");

        var schedule = await server.Owner.Schedules.AddAsync(new AddScheduleRequest("tesla", "Report.", Cron: "@yearly", Session: "main"), Ct);
        await server.Owner.Schedules.RunAsync(schedule.Id.ToString(), Ct);
        using var limit = new CancellationTokenSource(ProgramServer.Patience, TimeProvider.System);
        while (!File.ReadAllText(server["prompt"]).Contains("Report.", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        async Task SaidAsync(int times)
        {
            using var patience = new CancellationTokenSource(ProgramServer.Patience, TimeProvider.System);
            while ((await server.SaidAsync()).Count(message => message.Content == "I am here.") < times)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        }
    }

    [Fact]
    public async Task Only_an_owner_of_the_organization_hosts_an_agent_on_a_program()
    {
        await using var server = await ProgramServer.StartAsync();
        await server.AddAsync("tesla");
        await server.Owner.Tokens.AddUserAsync(new AddUserRequest("maria", Role: "admin"), Ct);
        using var admin = new ParleyClient(server.Address, (await server.Owner.Tokens.IssueAsync(new IssueTokenRequest(User: "maria"), Ct)).Secret);
        using var agent = await server.AsAsync("tesla");
        var request = new HostRequest(Runtime: "command", Program: new ProgramView("custom", ["cat"]));

        foreach (var caller in (ParleyClient[])[admin, agent])
        {
            (await Should.ThrowAsync<ParleyException>(() => caller.Hosting.HostAsync("tesla", request, Ct))).Code.ShouldBe("forbidden");
        }

        await server.Owner.Hosting.HostAsync("tesla", request, Ct);
        var audit = (await server.Owner.Server.ListAuditAsync(cancellation: Ct)).Items.Where(entry => entry.Action == "agent.host").ToList();
        audit.Select(entry => (entry.Actor, entry.Decision)).ShouldBe([("user:owner", "allowed"), ("agent:tesla", "forbidden"), ("user:maria", "forbidden")]);
    }
}
