namespace Parley.Tests.Storage.Conformance;

/// <summary>What both databases promise alike, one concept a class: every test runs on each of them, in a house of its own.</summary>
public abstract class Conformance(TestStore store) : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = Waiting.Patience;

    private protected TestHouse House { get; private set; } = null!;

    protected TestStore Store => store;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => House = await TestHouse.OpenAsync(store);

    public virtual async ValueTask DisposeAsync()
    {
        if (House is not null)
        {
            await House.DisposeAsync();
        }

        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the house and opens it again on the same database, as a restart does.</summary>
    private protected async Task RestartAsync()
    {
        await House.DisposeAsync();
        House = await TestHouse.OpenAsync(store, House.Clock);
    }
}
