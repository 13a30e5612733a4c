using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Maintenance;

public abstract class PruneTests(bool postgres) : MaintenanceTests(postgres)
{
    private Caller tesla = null!;
    private Caller aaron = null!;

    [Fact]
    public async Task What_is_settled_and_old_goes_and_the_inbox_says_so()
    {
        await SendAsync(450, acknowledge: true);
        Store.Time.Advance(TimeSpan.FromDays(11));
        await SendAsync(2, acknowledge: false);

        await PruneAsync(10);

        (await Store.CountAsync("messages")).ShouldBe(2);
        (await Store.CountAsync("deliveries")).ShouldBe(2);
        var inbox = await Store.InboxAsync(aaron);
        (inbox.State.Floor, inbox.State.Head).ShouldBe((450, 452));
        inbox.Items.Select(item => item.Number).ShouldBe([451, 452]);
        var error = await Should.ThrowAsync<ParleyError>(() => Store.InboxAsync(aaron, after: 7));
        (error.Code, error.Details!["oldest"]).ShouldBe((ErrorCode.CursorTooOld, 451L));
        (await Store.CheckAsync()).Where(finding => finding.Status == FindingStatus.Fault).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_nobody_has_acknowledged_is_never_deleted()
    {
        await SendAsync(3, acknowledge: false);
        Store.Time.Advance(TimeSpan.FromDays(1000));

        await PruneAsync(7);

        (await Store.InboxAsync(aaron)).Items.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_holds_for_the_days_kept_and_numbers_are_never_given_out_again()
    {
        await SendAsync(1, acknowledge: true);
        Store.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await PruneAsync(7);
        (await Store.SendAsync(tesla, "aaron", "text 0", key: "key 0")).Duplicate.ShouldBeTrue();

        Store.Time.Advance(TimeSpan.FromMinutes(2));
        await PruneAsync(7);
        var next = await Store.SendAsync(tesla, "aaron", "text 0", key: "key 0");

        (next.Duplicate, next.Message.Number).ShouldBe((false, 2));
        (await Store.InboxAsync(aaron)).Items.Single().Number.ShouldBe(2);
        Should.Throw<ParleyError>(() => new Retention(6).Checked());
    }

    [Fact]
    public async Task A_message_after_everything_was_deleted_can_be_found_by_its_words()
    {
        await SendAsync(3, acknowledge: true);
        (await FoundAsync("text")).ShouldBe(3);
        Store.Time.Advance(TimeSpan.FromDays(8));
        await PruneAsync(7);
        (await FoundAsync("text")).ShouldBe(0);

        await Store.SendAsync(tesla, "aaron", "fresh text");

        (await FoundAsync("text")).ShouldBe(1);
    }

    [Fact]
    public async Task A_dead_letter_stays_and_holds_nothing_back()
    {
        await SendAsync(1, acknowledge: false);
        await new RejectDelivery(Store.Database, new NoWake(), Store.Time).RunAsync(aaron, 1, "cannot", Ct);
        await SendAsync(2, acknowledge: true);
        Store.Time.Advance(TimeSpan.FromDays(8));

        await PruneAsync(7);

        (await Store.InboxAsync(aaron)).State.Floor.ShouldBe(3);
        (await new DeadLetters(Store.Database, new NoWake(), Store.Time).ListAsync(Store.Owner, 10, Ct)).Count.ShouldBe(1);
        (await Store.CheckAsync()).Where(finding => finding.Status == FindingStatus.Fault).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_setting_everything_is_kept()
    {
        await SendAsync(2, acknowledge: true);
        Store.Time.Advance(TimeSpan.FromDays(10_000));

        (await new PruneMessages(Store.Database, new Retention(), Store.Time).RunOnceAsync(Ct)).ShouldBeFalse();

        (await Store.CountAsync("messages")).ShouldBe(2);
    }

    private async Task SendAsync(int count, bool acknowledge)
    {
        if (tesla is null)
        {
            (tesla, aaron) = (await Store.AgentAsync("tesla"), await Store.AgentAsync("aaron"));
            await Store.LinkAsync("tesla", "aaron");
        }

        for (var i = 0; i < count; i++)
        {
            await Store.SendAsync(tesla, "aaron", $"text {i}", key: acknowledge ? $"key {i}" : null);
        }

        if (acknowledge)
        {
            await Store.AcknowledgeAllAsync(aaron);
        }
    }

    private async Task PruneAsync(int days)
    {
        var prune = new PruneMessages(Store.Database, new Retention(days), Store.Time);
        while (await prune.RunOnceAsync(Ct))
        {
        }
    }

    private async Task<int> FoundAsync(string word) =>
        (await new ReadMessages(Store.Database, new IndexMessages(Store.Database)).PageAsync(Store.Owner, new HistoryQuery(Store.Owner.OrganizationId, Text: word), Ct)).Count;

    private sealed class NoWake : IWake
    {
        public void Wake(in WakeHint hint)
        {
        }
    }
}

public sealed class SqlitePruneTests() : PruneTests(postgres: false);

public sealed class PostgresPruneTests() : PruneTests(postgres: true);
