using Parley.Core;

namespace Parley.Tests.Storage.Maintenance;

public sealed class MoveTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_store_moves_to_the_other_database_with_a_backup(bool fromPostgres, bool toPostgres)
    {
        await using var from = await MaintainedStore.OpenAsync(fromPostgres);
        await using var to = await MaintainedStore.OpenAsync(toPostgres);
        var (tesla, aaron) = (await from.AgentAsync("tesla"), await from.AgentAsync("aaron"));
        await from.LinkAsync("tesla", "aaron");
        var sent = await from.SendAsync(tesla, "aaron", "moves along", key: "k1");
        await from.AcknowledgeAllAsync(aaron);
        await new Core.Agents.EditAgent(from.Database, from.Time).RunAsync(from.Owner, "aaron", new Core.Agents.EditAgentInput(Aliases: ["reviewer"], Skills: ["sql"]), Ct);
        await to.AgentAsync("reviewer");

        await to.Restore.RunAsync(to.Owner, await from.SaveAsync(), progress: null, Ct);

        var again = await to.SendAsync(tesla, "aaron", "moves along", key: "k1");
        (again.Duplicate, again.Message.Id).ShouldBe((true, sent.Message.Id));
        (await to.SendAsync(tesla, "reviewer", "next")).Message.Number.ShouldBe(2);
        (await to.InboxAsync(aaron)).Items.Single().Number.ShouldBe(2);
        // Both secrets work: the one of the backup, and the one that the new server already had.
        var moved = await to.CallerAsync(from.OwnerSecret);
        (await to.CallerAsync(to.OwnerSecret)).Id.ShouldBe(moved.Id);
        (await to.CheckAsync()).Where(finding => finding.Status == Core.Maintenance.FindingStatus.Fault).ShouldBeEmpty();
    }
}
