namespace Parley.Tests.Storage.Maintenance;

/// <summary>Tests of maintenance that run on both databases.</summary>
public abstract class MaintenanceTests(bool postgres) : IAsyncLifetime
{
    private protected MaintainedStore Store { get; private set; } = null!;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await MaintainedStore.OpenAsync(postgres);

    public async ValueTask DisposeAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
