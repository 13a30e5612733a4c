using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Parley.Client;
using Parley.Client.Wire;
using Parley.EndToEnd.Tests.Crash;
using Parley.EndToEnd.Tests.Crash.Spawns;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Nodes;

/// <summary>
/// G9, G14, G16: of three nodes that share a PostgreSQL one is cut off from it while it has clients and runs turns. <c>./test nodes --kills 50</c> does it more often, holds the node still (SIGSTOP) every
/// second time, and lets the leases end by themselves; the short form ends them in the database, by whose clock they are judged.
/// </summary>
public sealed partial class PartitionTests
{
    private const int Nodes = 3;
    private const int AtOnce = 12;
    private const int UsualRounds = 1;
    private const string Aside = "aside";
    private static readonly TimeSpan s_answered = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_takenOver = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan s_halted = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly int s_rounds = int.TryParse(Environment.GetEnvironmentVariable("PARLEY_NODES_KILLS"), CultureInfo.InvariantCulture, out var kills) ? Math.Max(UsualRounds + 1, kills / 5) : UsualRounds;

    /// <summary>In the long form some minutes' worth of turns are left at the end.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(s_rounds == UsualRounds ? 3 : 15);

    private static readonly TimeSpan s_words = TimeSpan.FromSeconds(s_rounds == UsualRounds ? 0.7 : 3);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_is_cut_off_or_held_still_answers_in_time_and_truly_loses_its_turns_to_the_others_and_goes_on_by_itself()
    {
        using var folder = new TempFolder();
        await using var network = await PartedNetwork.StartAsync(Nodes);
        await using var postgres = await PrivatePostgres.StartAsync(network.Places.Select(place => place.Database));
        await using var models = await FakeModels.StartAsync("0.0.0.0");
        models.Always(request => new FakeReply { Text = $"I have done what you have asked me: {TaskOf(request)}", Pause = s_words });
        var nodes = new List<ServerProcess>();
        try
        {
            foreach (var (number, place) in network.Places.Index())
            {
                var data = folder[$"node{number}"];
                SpawnWorld.Configure(data, AtOnce);
                nodes.Add(new ServerProcess(data, postgres.ConnectionString, models: $"http://{place.Here}:{new Uri(models.Address).Port}/v1", place: place));
            }

            await nodes[0].MustStartAsync();
            await Task.WhenAll(nodes[1].MustStartAsync(), nodes[2].MustStartAsync());
            using (var owner = nodes[0].Owner())
            {
                // So that who runs turns hears nothing of those who talk.
                await owner.Projects.AddAsync(Aside, Ct);
            }

            await RunAsync(new Rig(network, postgres, nodes, await SpawnWorld.CreateAsync(nodes[0], models)), models);
        }
        catch
        {
            foreach (var node in nodes)
            {
                TestContext.Current.TestOutputHelper!.WriteLine($"{node.Address} says:\n{string.Join('\n', node.Log.Split('\n').Where(line => !line.Contains(" The loop ", StringComparison.Ordinal)).TakeLast(20))}");
            }

            throw;
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task RunAsync(Rig rig, FakeModels models)
    {
        using var owner = rig.Nodes[0].Owner();
        var halted = await StrangerAsync(owner);
        var world = await World.CreateAsync(rig.Nodes[1]);
        var spawns = Math.Max(4, 2 * s_rounds) * AtOnce; // on a slow machine it takes some waves until the node has its share
        var spawning = Task.CompletedTask;
        var violations = await CrashRun.RunAsync(world, s_rounds, async (load, round) =>
        {
            spawning = round == 1 ? rig.Turns.SpawnAsync(spawns, number => (Work.Plain, $"worker{number % 4}"), Ct) : spawning;
            var name = await OwnsTurnsAsync(rig, owner).Within(s_patience);
            world.Ledger.Died();
            rig.Turns.Ledger.Died(rig.Turns.UnderWay);
            var began = TimeProvider.System.GetTimestamp();
            TimeSpan answered;
            if (round % 2 == 1)
            {
                await rig.Network.CutAsync(1);
                await IsSilentAsync(rig);
                answered = await RefusedAsync(rig.Nodes[1]);
                answered.ShouldBeLessThan(s_answered);
            }
            else
            {
                await rig.Nodes[1].FreezeAsync();
                answered = TimeSpan.Zero;
            }

            await HaltAsync(rig, owner, halted);
            await EndLeasesAsync(rig.Postgres, name);
            await TakenOverAsync(rig.Postgres, name);
            var taken = TimeProvider.System.GetElapsedTime(began);
            taken.ShouldBeLessThan(s_takenOver);
            var joined = TimeProvider.System.GetTimestamp();
            if (round % 2 == 1)
            {
                await rig.Network.JoinAsync(1);
            }
            else
            {
                await rig.Nodes[1].ContinueAsync();
            }

            using (var probe = new Probe(rig.Nodes[1]))
            {
                await load.WhileAsync(probe.UntilSentAsync());
            }

            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(round % 2 == 1 ? "cut off" : "held still")}: refused after {answered.TotalSeconds:F1} s, taken over after {taken.TotalSeconds:F1} s, sends again {TimeProvider.System.GetElapsedTime(joined).TotalSeconds:F1} s after it was over"));
            if (round % 2 == 1)
            {
                (await NextCodeAsync(rig.Nodes[1], halted)).ShouldBe("halted", "it goes on, and knows not of the halt that was pulled meanwhile");
            }

            await IsHaltedAsync(rig.Nodes[1], halted, TimeProvider.System.GetTimestamp());
            await owner.Halts.ReleaseAsync("agent", halted.Name, Ct);
            if (round == s_rounds)
            {
                await load.WhileAsync(spawning).Within(s_patience);
                await rig.Turns.EndedAsync(Ct).Within(s_patience);
            }
        });

        await rig.Turns.ReadAsync(Ct).Within(s_patience);
        var stored = await StoredSpawn.ReadAsync(rig.Nodes[0].Storage);
        var broken = SpawnAudit.Run(rig.Turns.Ledger.Acknowledged, rig.Turns.Ledger.Results, stored);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{spawns} spawns with {rig.Turns.Ledger.Results.Count} results, {rig.Turns.Ledger.CutOff} model calls under way, {models.Requests.Count} in all; {broken.Count} violations");
        violations.ShouldBeEmpty();
        broken.ShouldBeEmpty();
        world.Ledger.CutOff.ShouldBeGreaterThan(0, "no send was under way when the node was cut off: the rig proves nothing");
        rig.Turns.Ledger.Results.Count.ShouldBe(spawns);
        models.Requests.Count.ShouldBeGreaterThan(spawns, "no model call was made again: no turn was taken over at work");
    }

    /// <summary>Every answer is another one, the same where it is asked for again.</summary>
    private static string TaskOf(FakeRequest request) => AskedFor().Match(string.Join('\n', request.Messages.Select(message => message.Text))).Value;

    [GeneratedRegex(@"parent\d+-\d+")]
    private static partial Regex AskedFor();

    /// <summary>The proof that the cable is cut, and that nobody is told: a connection is not refused, it gets no answer, while one from another place does.</summary>
    private static async Task IsSilentAsync(Rig rig)
    {
        (await ConnectAsync(rig, 1)).ShouldBe(124, "the cable is not cut");
        (await ConnectAsync(rig, 2)).ShouldBe(0);
    }

    private static async Task<int> ConnectAsync(Rig rig, int place)
    {
        var (at, port) = (rig.Network.Places[place], new NpgsqlConnectionStringBuilder(rig.Postgres.ConnectionString).Port);
        using var bash = System.Diagnostics.Process.Start(at.Prefix[0], [.. at.Prefix[1..], "timeout", "1", "bash", "-c", $"</dev/tcp/{at.Database}/{port}"]);
        await bash.WaitForExitAsync(Ct);
        return bash.ExitCode;
    }

    /// <summary>Until the node says that it cannot tell, or stores nothing; how long that took.</summary>
    private static async Task<TimeSpan> RefusedAsync(ServerProcess node)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var probe = new Probe(node);
        var refusal = await probe.RefusedAsync().Within(s_answered);
        (refusal.Code is "storage_unavailable" or ParleyException.OutcomeUnknown or "busy").ShouldBeTrue(refusal.Message);
        return TimeProvider.System.GetElapsedTime(began);
    }

    /// <summary>Pulled on one node it acts on another one, while a third cannot be reached.</summary>
    private static async Task HaltAsync(Rig rig, ParleyClient owner, Member agent)
    {
        await owner.Halts.PullAsync(new HaltRequest("agent", agent.Name, "stop"), Ct);
        var pulled = TimeProvider.System.GetTimestamp();
        await IsHaltedAsync(rig.Nodes[2], agent, pulled);
    }

    private static async Task IsHaltedAsync(ServerProcess node, Member agent, long since)
    {
        TimeSpan after;
        do
        {
            after = TimeProvider.System.GetElapsedTime(since);
            if (await CodeAsync(node, agent) == "halted")
            {
                return;
            }
        }
        while (after < s_halted);
        Assert.Fail($"A send {after.TotalSeconds:F1} s after the halt was not refused as halted.");
    }

    /// <summary>What the first send of the agent is refused with that the database is there for, or null.</summary>
    private static async Task<string?> NextCodeAsync(ServerProcess node, Member agent)
    {
        while (true)
        {
            var code = await CodeAsync(node, agent);
            if (code is not ("storage_unavailable" or "busy"))
            {
                return code;
            }
        }
    }

    /// <summary>What a send of the agent is refused with, or null.</summary>
    private static async Task<string?> CodeAsync(ServerProcess node, Member agent)
    {
        using var client = new ParleyClient(new ParleyClientOptions { Server = node.Address, Token = agent.Secret, RetryFor = TimeSpan.Zero });
        try
        {
            await client.Messages.SendAsync(new SendRequest { Content = $"am I halted? {Guid.NewGuid()}" }, Ct);
            return null;
        }
        catch (ParleyException refusal)
        {
            return refusal.Code;
        }
    }

    private static async Task<Member> StrangerAsync(ParleyClient owner)
    {
        await owner.Agents.AddAsync(new AddAgentRequest("stranger", Project: Aside));
        return new Member("stranger", (await owner.Tokens.IssueAsync(new IssueTokenRequest("stranger"))).Secret, BySocket: false);
    }

    /// <summary>Ends when the node owns turns and many model calls are under way, in which a turn spends nearly all of its time; its name.</summary>
    private static async Task<string> OwnsTurnsAsync(Rig rig, ParleyClient owner)
    {
        var name = (await owner.Nodes.ListAsync(Ct)).Items.Single(one => one.Address == rig.Nodes[1].Address.ToString().TrimEnd('/')).Name;
        while (rig.Turns.UnderWay <= AtOnce / 2 || (long)(await rig.Postgres.ExecuteAsync($"select count(*) from sessions where node = '{name}' and lease_until > 1"))! < AtOnce / Nodes / 2)
        {
            await Task.Delay(s_pause, TimeProvider.System, Ct);
        }

        return name;
    }

    private static async Task EndLeasesAsync(PrivatePostgres postgres, string node)
    {
        if (s_rounds == UsualRounds)
        {
            (await postgres.ExecuteAsync($"with ended as (update sessions set lease_until = 1 where node = '{node}' and lease_until > 0 returning 1) select count(*) from ended"))
                .ShouldNotBe(0L, "it owned nothing: nothing is taken over");
        }
    }

    private static async Task TakenOverAsync(PrivatePostgres postgres, string node)
    {
        while ((long)(await postgres.ExecuteAsync($"select count(*) from sessions where node = '{node}' and turn_id is not null"))! > 0)
        {
            await Task.Delay(s_pause, TimeProvider.System, Ct);
        }
    }

    private sealed record Rig(PartedNetwork Network, PrivatePostgres Postgres, List<ServerProcess> Nodes, SpawnWorld Turns);
}
