using Parley.Client;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>The person beside the load: approves what is held, fills up credits so that deferred messages are released.</summary>
internal sealed class Supervisor(World world, ParleyClient owner)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            await ApproveAsync(stopped);
            await FillUpAsync(stopped);
            await Task.Delay(Pause, TimeProvider.System, stopped);
        }
    }

    private async Task ApproveAsync(CancellationToken stopped)
    {
        foreach (var held in (await Patiently.AskAsync(() => owner.People.ListHoldsAsync(stopped), stopped)).Items)
        {
            var id = held.Message.Id;
            if (await TryAsync(() => owner.People.ApproveAsync(id, cancellation: stopped), stopped))
            {
                world.Ledger.Approvals.Enqueue(id);
            }
        }
    }

    private async Task FillUpAsync(CancellationToken stopped)
    {
        foreach (var link in (await Patiently.AskAsync(() => owner.Links.ListAsync(stopped), stopped)).Items.Where(link => !World.IsCounted(link) && link.CreditsRemaining < link.MessagesPerWindow / 2))
        {
            await TryAsync(() => owner.Links.EditAsync(link.Id, new LinkSettingsPatch(MessagesPerWindow: 1), stopped), stopped);
            await TryAsync(() => owner.Links.EditAsync(link.Id, new LinkSettingsPatch(link.MessagesPerWindow), stopped), stopped);
        }
    }

    /// <summary>False where the server says that it is so already: the answer of an earlier try was lost.</summary>
    private static async Task<bool> TryAsync(Func<Task> call, CancellationToken stopped)
    {
        try
        {
            return await Patiently.AskAsync(
                async () =>
                {
                    await call();
                    return true;
                },
                stopped);
        }
        catch (ParleyException error) when (error.Code is "conflict" or "not_found" or "queue_full")
        {
            return false;
        }
    }
}
