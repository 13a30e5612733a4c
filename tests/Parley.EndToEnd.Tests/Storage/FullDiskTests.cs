using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Halts;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.EndToEnd.Tests.Support;
using Parley.Storage;

namespace Parley.EndToEnd.Tests.Storage;

/// <summary>The store on a real disk that has no block left.</summary>
public sealed class FullDiskTests : IDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly HaltBoard board = new();
    private Database database = null!;
    private Caller owner = null!;
    private Caller tesla = null!;
    private Caller aaron = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => board.Dispose();

    [Fact]
    public async Task On_a_full_disk_reading_and_halting_go_on_and_sending_resumes_by_itself()
    {
        await using var disk = await FullDisk.CreateAsync();
        var options = new StorageOptions { SqlitePath = Path.Combine(disk.Path, "parley.db") };
        database = await Database.OpenAsync(options, TimeProvider.System, Ct);
        await PrepareAsync();
        var accepted = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            accepted.Add(await SendAsync());
        }

        disk.Fill();
        var refusal = await FillAsync(accepted);

        refusal.Code.ShouldBe(ErrorCode.StorageFull);
        database.Health.State.ShouldBe(StorageState.Full);
        (await InboxAsync()).ShouldBe(accepted);
        var (halt, durable) = await new PullHalt(database, board, TimeProvider.System).RunAsync(owner, HaltScope.Agent, "tesla", "stop", Ct);
        durable.ShouldBeFalse();
        board.OfAgent(owner.OrganizationId, tesla.Id).ShouldBe(halt);
        await new RefreshHalts(database, board).RunOnceAsync(Ct);
        board.OfAgent(owner.OrganizationId, tesla.Id).ShouldBe(halt);

        disk.Free();
        (await RefusedOtherwiseAsync()).Code.ShouldBe(ErrorCode.Halted);
        await new RefreshHalts(database, board).RunOnceAsync(Ct);
        board.Unwritten.ShouldBeEmpty();
        await new ReleaseHalt(database, board, TimeProvider.System).RunAsync(owner, HaltScope.Agent, "tesla", Ct);
        accepted.Add(await SendAsync());

        await database.DisposeAsync();
        database = await Database.OpenAsync(options, TimeProvider.System, Ct);
        (await InboxAsync()).ShouldBe(accepted);
        await database.DisposeAsync();
    }

    private async Task PrepareAsync()
    {
        var (_, user) = await new Bootstrap(database, TimeProvider.System).RunAsync(Ct);
        owner = new Caller(CallerKind.User, user.OrganizationId, user.Id, user.Name, user.Role, Scopes.All, Guid.Empty);
        tesla = await AgentAsync("tesla");
        aaron = await AgentAsync("aaron");
        await new CreateLink(database, TimeProvider.System).RunAsync(owner, "tesla", "aaron", new LinkSettings(MessagesPerWindow: 500), Ct);
    }

    private async Task<Caller> AgentAsync(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        var agent = new Agent(Guid.CreateVersion7(now), owner.OrganizationId, owner.Id, name, AgentKind.External, "backend", "", Hold: false, now, RemovedAt: null);
        await database.WriteAsync(
            unit =>
            {
                unit.Agents.Add(agent);
                return ValueTask.FromResult(true);
            },
            Ct);
        return new Caller(CallerKind.Agent, owner.OrganizationId, agent.Id, name, Role.Member, Scopes.All, Guid.Empty);
    }

    private async Task<Guid> SendAsync()
    {
        var input = new SendInput { To = "aaron", Content = new string('x', 20_000), Key = Guid.NewGuid().ToString() };
        return (await new SendMessage(database, new Router(board), new SilentWake(), TimeProvider.System).RunAsync(tesla, input, Ct)).Message.Id;
    }

    /// <summary>Sends until one is refused: the log may have old blocks that it can still write over.</summary>
    private async Task<ParleyError> FillAsync(List<Guid> accepted)
    {
        try
        {
            while (accepted.Count < 400)
            {
                accepted.Add(await SendAsync());
            }
        }
        catch (ParleyError error)
        {
            return error;
        }

        throw new InvalidOperationException("The disk took more than it has.");
    }

    /// <summary>Repeats a send, as a client does after retry_after, until the answer is no longer that the disk is full.</summary>
    private async Task<ParleyError> RefusedOtherwiseAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var error = await Should.ThrowAsync<ParleyError>(SendAsync);
            if (error.Code != ErrorCode.StorageFull || TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                return error;
            }

            await Task.Delay(error.RetryAfter!.Value, TimeProvider.System, Ct);
        }
    }

    private async Task<List<Guid>> InboxAsync()
    {
        var inbox = await new ReadInbox(database).RunAsync(aaron, null, 500, Ct);
        return [.. inbox.Items.Select(item => item.Message.Id)];
    }

    private sealed class SilentWake : IWake
    {
        public void Wake(in WakeHint hint)
        {
        }
    }
}
