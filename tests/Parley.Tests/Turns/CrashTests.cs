using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Core.Messages;
using Parley.Core.Turns;
using Parley.Tests.Storage.Conformance;

namespace Parley.Tests.Turns;

/// <summary>G9: a turn whose process dies at any of its writes, before or after it was committed, ends with every message exactly once.</summary>
public abstract class TurnCrashConformance(TestStore store) : Conformance(store)
{
    private const int MoreThanWrites = 30;

    [Fact]
    public async Task Whatever_write_a_turn_dies_at_every_message_is_sent_exactly_once()
    {
        var (fired, repeatedTools) = (0, 0);
        foreach (var afterCommit in new[] { false, true })
        {
            for (var n = 1; n < MoreThanWrites; n++)
            {
                var (died, tools) = await RunAsync(n, afterCommit);
                if (!died)
                {
                    break;
                }

                fired++;
                repeatedTools += tools > 1 ? 1 : 0;
            }
        }

        fired.ShouldBeGreaterThanOrEqualTo(14, "every write was hit, before and after its commit");
        repeatedTools.ShouldBeGreaterThan(0, "without keys a repetition shows: the tool of a server ran twice");
    }

    private async Task<(bool Died, int ToolCalls)> RunAsync(int n, bool afterCommit)
    {
        var name = $"t{n}{(afterCommit ? "a" : "b")}";
        var plain = new TurnHouse(House) { Model = Model() };
        plain.Toolbox.Tools = [new ToolDefinition("ext_do", "Does it.", "{}")];
        var tesla = await plain.HostAsync($"tesla-{name}", input => input with { Tools = [new ToolServer("ext", ["do"], null)] });
        var aaron = await House.AgentAsync($"aaron-{name}");
        await House.LinkAsync(tesla, aaron);
        var asked = (await House.SayManyAsync(aaron, tesla.Name, 3)).ConvertAll(receipt => receipt.Message);

        var dying = new DyingDatabase(House.Database, n, afterCommit);
        var house = new TurnHouse(House, dying) { Model = Model(), Toolbox = plain.Toolbox };
        try
        {
            await house.RunAllAsync();
        }
        catch (ProcessDied)
        {
        }

        await plain.LoseLeasesAsync();
        await plain.RunAllAsync();
        await CheckAsync(plain, tesla, aaron, asked);
        // The next round's post must not wake this round's agents.
        await House.RemoveAgent.RunAsync(House.Owner, tesla.Name, Ct);
        await House.RemoveAgent.RunAsync(House.Owner, aaron.Name, Ct);
        return (dying.Died, plain.Toolbox.Calls.Count);
    }

    private async Task CheckAsync(TurnHouse turns, Caller tesla, Caller aaron, List<Message> asked)
    {
        var texts = await House.ReceivedAsync(aaron);
        texts.ShouldBe(["by tool", "posted", "final"], ignoreOrder: true);
        var inbox = await House.Database.ReadAsync(unit => unit.Agents.InboxAsync(tesla.Id), Ct);
        inbox.Cursor.ShouldBe(inbox.Head);
        foreach (var message in asked)
        {
            (await House.DeliveryAsync(message.Id)).State.ShouldBeOneOf(DeliveryState.Acknowledged, DeliveryState.Replied);
            (await turns.RootAsync(message.RootId)).Account.Reserved.ShouldBe(default);
            (await turns.RootAsync(message.RootId)).Turns.ShouldBe(1);
        }

        var turn = (await turns.TurnsAsync(asked[0].RootId)).ShouldHaveSingleItem();
        turn.State.ShouldBe(TurnState.Answered);
        (await House.Database.Inspector.InspectAsync(Ct)).ShouldAllBe(finding => finding.Status != FindingStatus.Fault);
    }

    /// <summary>Decides by what stands in the request alone, as a model does.</summary>
    private static ScriptedRuntime Model()
    {
        var model = new ScriptedRuntime();
        return model.When(request => request.Messages.All(message => message.Role != PromptRole.Tool), request =>
        {
            var from = request.Messages[^1].Text.Split("from=\"")[1].Split('"')[0];
            return model.Tools(
                (BuiltInTools.SendName, $$"""{"to":"{{from}}","message":"by tool"}"""), (BuiltInTools.PostName, """{"channel":"general","message":"posted"}"""), ("ext_do", "{}"));
        }).Always(_ => "final");
    }
}

public sealed class SqliteTurnCrashTests() : TurnCrashConformance(new SqliteStore());

public sealed class PostgresTurnCrashTests() : TurnCrashConformance(new PostgresStore());

/// <summary>The process is gone: nothing more is read or written by it.</summary>
internal sealed class ProcessDied() : Exception("the process died");

/// <summary>A database whose process dies at the n-th write, just before or just after its commit.</summary>
internal sealed class DyingDatabase(IDatabase inner, int n, bool afterCommit) : IDatabase
{
    private int writes;

    public bool Died { get; private set; }

    public event Action? Restored
    {
        add => inner.Restored += value;
        remove => inner.Restored -= value;
    }

    public int PipelineDepth => inner.PipelineDepth;

    public string Epoch => inner.Epoch;

    public string Durability => inner.Durability;

    public IStoreArchive Archive => inner.Archive;

    public IStoreInspector Inspector => inner.Inspector;

    public bool IsPostgres => inner.IsPostgres;

    public StorageHealth Health => inner.Health;

    public event Action<StorageHealth>? HealthChanged
    {
        add => inner.HealthChanged += value;
        remove => inner.HealthChanged -= value;
    }

    public async Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        Check();
        if (++writes != n)
        {
            return await inner.WriteAsync(work, cancellationToken);
        }

        if (afterCommit)
        {
            await inner.WriteAsync(work, cancellationToken);
        }

        Died = true;
        throw new ProcessDied();
    }

    public Task<T> ReadAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        Check();
        return inner.ReadAsync(work, cancellationToken);
    }

    public Task<bool> RefreshEpochAsync(CancellationToken cancellationToken) => inner.RefreshEpochAsync(cancellationToken);

    private void Check()
    {
        if (Died)
        {
            throw new ProcessDied();
        }
    }
}
