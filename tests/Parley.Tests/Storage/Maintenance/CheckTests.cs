using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Tests.Storage.Maintenance;

public abstract class CheckTests(bool postgres) : MaintenanceTests(postgres)
{
    [Fact]
    public async Task A_sound_store_has_no_fault()
    {
        await FillAsync();

        (await Store.CheckAsync()).Where(finding => finding.Status == FindingStatus.Fault).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("conversation_numbers", "update conversations set head = head + 1 where head > 0")]
    [InlineData("conversation_numbers", "delete from messages where number = 2")]
    [InlineData("inbox_numbers", "update inboxes set head = head + 5")]
    [InlineData("inbox_gaps", "delete from deliveries where number = 2")]
    [InlineData("acknowledged", "update inboxes set cursor = 1 where head > 0")]
    [InlineData("deferred", "update link_states set waiting = 7")]
    [InlineData("credits", "update link_states set credits_remaining = -1")]
    [InlineData("held", "update messages set withheld = 'held'")]
    [InlineData("deliveries", "delete from messages where number = 1")]
    public async Task A_broken_promise_is_found(string check, string damage)
    {
        await FillAsync();
        await Store.RunSqlAsync(damage);

        var finding = (await Store.CheckAsync()).Single(finding => finding.Check == check);

        finding.Status.ShouldBe(FindingStatus.Fault, finding.Text);
        finding.Fix.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_clock_that_jumped_back_is_a_warning()
    {
        await FillAsync();
        Store.Time.ShiftWallClock(TimeSpan.FromMinutes(-5));

        (await Store.CheckAsync()).Single(finding => finding.Check == "server's clock").Status.ShouldBe(FindingStatus.Warning);
    }

    [Fact]
    public async Task An_agent_may_not_look() =>
        (await Should.ThrowAsync<ParleyError>(async () => await new CheckStore(Store.Database, Store.Database.Inspector).RunAsync(await Store.AgentAsync("tesla"), Ct)))
            .Code.ShouldBe(ErrorCode.Forbidden);

    private async Task FillAsync()
    {
        var tesla = await Store.AgentAsync("tesla");
        await Store.AgentAsync("aaron");
        await Store.LinkAsync("tesla", "aaron", quota: 3);
        for (var i = 0; i < 5; i++)
        {
            await Store.SendAsync(tesla, "aaron", $"text {i}");
        }
    }
}

public sealed class SqliteCheckTests() : CheckTests(postgres: false);

public sealed class PostgresCheckTests() : CheckTests(postgres: true);
