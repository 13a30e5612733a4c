using Parley.Core;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;
using Parley.Runtimes.Keys;
using Parley.Tests.Webhooks;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Two linked agents, a webhook for what one of them receives, and a network that answers as the test says.</summary>
public abstract class WebhookConformance(TestStore store) : Conformance(store)
{
    private protected static readonly WebhookInput Usual = new("https://hooks.example.org/parley", "aaron", "hook");
    private readonly TempFolder keys = new();

    private protected ScriptedOutbound Outbound { get; } = new();

    private protected OpenPolicy Policy { get; } = new();

    private protected Caller Tesla { get; private set; } = null!;

    private protected Caller Aaron { get; private set; } = null!;

    private protected SealingKey Secrets => new(keys.Path);

    private protected CallWebhooks Calls => new(House.Database, Outbound, Secrets, House.Board, House.Clock);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (Tesla, Aaron, _) = await House.PairAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task DieAsync()
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            Outbound.Then(500);
            await PassAsync(TimeSpan.FromHours(13));
        }
    }

    private protected Task CallAsync() => Calls.RunOnceAsync(Ct);

    private protected Task PassAsync(TimeSpan time)
    {
        House.Clock.Advance(time);
        return CallAsync();
    }

    private protected Task<SecretWebhook> AddAsync(WebhookInput? input = null, Caller? by = null) => new AddWebhook(House.Database, Policy, Secrets, House.Clock).RunAsync(by ?? House.Owner, input ?? Usual, Ct);

    private protected Task<WebhookCall> RetryAsync(long? number) => new RetryWebhook(House.Database, House.Clock).RunAsync(House.Owner, "hook", number, Ct);

    private protected Task<WebhookOverview> FindAsync() => new FindWebhook(House.Database).RunAsync(House.Owner, "hook", Ct);

    private protected Task<List<WebhookCall>> ListAsync(int limit = 50) => new ReadWebhookCalls(House.Database).RunAsync(House.Owner, "hook", null, limit, Ct);

    private protected Task<List<Guid>> DueAsync() => Calls.DueAsync(100, Ct);

    private protected Task<bool> WriteAsync(Action<IUnitOfWork> write) => House.Database.WriteAsync(
        unit =>
        {
            write(unit);
            return ValueTask.FromResult(true);
        },
        Ct);

    private protected async Task<List<string>> AttentionAsync() =>
        [.. (await House.Attention.ListAsync(House.Owner, Ct)).Where(attention => attention.Kind.StartsWith("webhook_", StringComparison.Ordinal)).Select(attention => $"{attention.Kind}: {attention.Text}")];

    private protected static async Task<ErrorCode> RefusalAsync(Func<Task> call) => (await Should.ThrowAsync<ParleyError>(call)).Code;
}
