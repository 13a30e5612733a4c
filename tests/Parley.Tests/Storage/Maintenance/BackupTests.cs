using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Halts;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Maintenance;

public abstract class BackupTests(bool postgres) : MaintenanceTests(postgres)
{
    [Fact]
    public async Task A_restore_brings_back_the_moment_of_the_backup_under_a_new_epoch()
    {
        var (tesla, aaron) = await PairAsync();
        var kept = await Store.SendAsync(tesla, "aaron", "kept: \"quoted\", Grüße 🌍\n\u0001");
        var backup = await Store.SaveAsync();
        var restored = new Signal();
        Store.Database.Restored += restored.Raise;
        await Store.SendAsync(tesla, "aaron", "after the backup");
        var old = new Cursor(Store.Database.Epoch, 1).ToString();

        var summary = await Store.Restore.RunAsync(Store.Owner, backup, progress: null, Ct);

        summary.Rows["messages"].ShouldBe(1);
        summary.Epoch.ShouldBe(old.Split('-')[0]);
        restored.IsRaised.ShouldBeTrue();
        Should.Throw<ParleyError>(() => Cursor.Parse(old, Store.Database.Epoch)).Code.ShouldBe(ErrorCode.EpochChanged);
        var inbox = await Store.InboxAsync(aaron);
        inbox.Items.Single().Message.ShouldBe(kept.Message with { Mentions = inbox.Items[0].Message.Mentions });
        (await Store.SendAsync(tesla, "aaron", "goes on")).Message.Number.ShouldBe(2);
        (await Store.CheckAsync()).ShouldAllBe(finding => finding.Status != Core.Maintenance.FindingStatus.Fault);
    }

    [Fact]
    public async Task The_epoch_of_a_restore_outlives_the_process()
    {
        await Store.Restore.RunAsync(Store.Owner, await Store.SaveAsync(), progress: null, Ct);
        var epoch = Store.Database.Epoch;

        await Store.ReopenAsync();

        Store.Database.Epoch.ShouldBe(epoch);
    }

    [Fact]
    public async Task A_restored_message_can_be_found_by_its_words_and_the_deleted_one_cannot()
    {
        var (tesla, _) = await PairAsync();
        await Store.SendAsync(tesla, "aaron", "archived walrus");
        var backup = await Store.SaveAsync();
        await Store.SendAsync(tesla, "aaron", "vanished pelican");
        (await FoundAsync("pelican")).ShouldBe(1);

        await Store.Restore.RunAsync(Store.Owner, backup, progress: null, Ct);

        (await FoundAsync("walrus")).ShouldBe(1);
        (await FoundAsync("pelican")).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_refused_and_nothing_changes()
    {
        var (tesla, _) = await PairAsync();
        await Store.SendAsync(tesla, "aaron", "stays");
        var backup = (await Store.SaveAsync()).ToArray();
        var epoch = Store.Database.Epoch;

        foreach (var length in new[] { 0, 1, 10, backup.Length / 3, backup.Length / 2, backup.Length - 40 })
        {
            await RefusedAsync(new MemoryStream(backup[..length]));
        }

        Store.Database.Epoch.ShouldBe(epoch);
        (await Store.CountAsync("messages")).ShouldBe(1);
        await Store.SendAsync(tesla, "aaron", "and writing goes on");
    }

    [Fact]
    public async Task A_file_with_another_content_than_its_checksum_is_refused()
    {
        var backup = await Store.SaveAsync();
        var text = new StreamReader(new System.IO.Compression.GZipStream(backup, System.IO.Compression.CompressionMode.Decompress)).ReadToEnd();
        var changed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(changed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text.Replace("\"owner\"", "\"other\"", StringComparison.Ordinal)), Ct);
        }

        changed.Position = 0;
        (await RefusedAsync(changed)).Message.ShouldContain("checksum");
    }

    [Fact]
    public async Task A_backup_of_a_newer_schema_is_refused_by_name()
    {
        var newer = BackupEdit.Rewrite(await Store.SaveAsync(), text => text.Replace("\"schema\":", "\"schema\":9", StringComparison.Ordinal));

        (await RefusedAsync(newer)).Message.ShouldContain("newer Parley");
    }

    [Fact]
    public async Task Rows_that_contradict_each_other_are_refused_and_nothing_changes()
    {
        var broken = BackupEdit.Rewrite(
            await Store.SaveAsync(),
            text =>
            {
                var row = text.Split('\n').SkipWhile(line => !line.StartsWith("{\"table\":\"users\"", StringComparison.Ordinal)).ElementAt(1);
                return text.Replace(row, row + "\n" + row, StringComparison.Ordinal).Replace("\"users\":1", "\"users\":2", StringComparison.Ordinal);
            });

        await RefusedAsync(broken);

        (await Store.CallerAsync(Store.OwnerSecret)).Name.ShouldBe("owner");
    }

    [Fact]
    public async Task The_token_of_the_restoring_owner_the_revocations_and_the_halts_stay()
    {
        var issue = new IssueToken(Store.Database, Store.Time);
        var leaked = await issue.RunAsync(Store.Owner, new IssueTokenInput(User: "owner"), Ct);
        var backup = await Store.SaveAsync();
        var own = await Store.CallerAsync((await issue.RunAsync(Store.Owner, new IssueTokenInput(User: "owner"), Ct)).Secret);
        var late = await issue.RunAsync(Store.Owner, new IssueTokenInput(User: "owner"), Ct);
        await new RevokeToken(Store.Database, Store.Time).RunAsync(Store.Owner, leaked.Token.Id, Ct);
        await new PullHalt(Store.Database, Store.Board, Store.Time).RunAsync(Store.Owner, HaltScope.Organization, null, "wait", Ct);

        await Store.Restore.RunAsync(own, backup, progress: null, Ct);

        (await Store.Database.ReadAsync(unit => unit.Tokens.FindHashedAsync(own.TokenId), Ct)).ShouldNotBeNull();
        await Should.ThrowAsync<ParleyError>(() => Store.CallerAsync(leaked.Secret));
        await Should.ThrowAsync<ParleyError>(() => Store.CallerAsync(late.Secret));
        Store.Board.All.Single().Reason.ShouldBe("wait");
        (await new ListHalts(Store.Database, Store.Board).RunAsync(own, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_restore_is_in_the_audit_log_which_is_append_only_again()
    {
        await Store.Restore.RunAsync(Store.Owner, await Store.SaveAsync(), progress: null, Ct);

        (await new ListAudit(Store.Database).RunAsync(Store.Owner, 10, Ct))[0].Action.ShouldBe("store.restore");
        await Should.ThrowAsync<Exception>(() => Store.RunSqlAsync("delete from audit"));
        await new AddUser(Store.Database, Store.Time).RunAsync(Store.Owner, "second", Role.Member, Ct);
    }

    [Fact]
    public async Task Only_an_owner_may_save_or_restore()
    {
        var member = Store.Owner with { Role = Role.Admin };

        (await Should.ThrowAsync<ParleyError>(() => Store.Backup.RunAsync(member, Stream.Null, null, Ct))).Code.ShouldBe(ErrorCode.Forbidden);
        (await Should.ThrowAsync<ParleyError>(() => Store.Restore.RunAsync(member, Stream.Null, null, Ct))).Code.ShouldBe(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task Sends_go_on_while_a_backup_waits_for_its_reader()
    {
        var (tesla, _) = await PairAsync();
        await Store.SendAsync(tesla, "aaron", "before");
        var slow = new GatedStream();

        var saving = Store.Backup.RunAsync(Store.Owner, slow, progress: null, Ct);
        await slow.Reached.Within(Waiting.Patience);
        await Store.SendAsync(tesla, "aaron", "during").Within(Waiting.Patience);
        slow.Open.Raise();

        (await saving).Rows["messages"].ShouldBe(1);
    }

    [Fact]
    public async Task Many_rows_come_back_the_same()
    {
        var (tesla, aaron) = await PairAsync();
        for (var i = 0; i < 1_001; i++)
        {
            Store.Time.Advance(TimeSpan.FromHours(1));
            await Store.SendAsync(tesla, "aaron", $"text {i}");
        }

        var before = await Store.ExportAsync();
        await Store.Restore.RunAsync(Store.Owner, await Store.SaveAsync(), progress: null, Ct);
        var after = await Store.ExportAsync();

        after.Select(message => message.Message with { Mentions = [] }).ShouldBe(before.Select(message => message.Message with { Mentions = [] }));
        (await Store.InboxAsync(aaron)).State.Head.ShouldBe(1_001);
    }

    private async Task<(Caller Tesla, Caller Aaron)> PairAsync()
    {
        var pair = (await Store.AgentAsync("tesla"), await Store.AgentAsync("aaron"));
        await Store.LinkAsync("tesla", "aaron");
        return pair;
    }

    private async Task<int> FoundAsync(string word) =>
        (await new ReadMessages(Store.Database, new IndexMessages(Store.Database)).PageAsync(Store.Owner, new HistoryQuery(Store.Owner.OrganizationId, Text: word), Ct)).Count;

    private async Task<ParleyError> RefusedAsync(Stream backup)
    {
        var error = await Should.ThrowAsync<ParleyError>(() => Store.Restore.RunAsync(Store.Owner, backup, progress: null, Ct));
        error.Code.ShouldBe(ErrorCode.InvalidRequest);
        return error;
    }
}

public sealed class SqliteBackupTests() : BackupTests(postgres: false);

public sealed class PostgresBackupTests() : BackupTests(postgres: true)
{
    [Fact]
    public async Task Another_node_learns_of_a_restore()
    {
        await using var node = await Parley.Storage.Database.OpenAsync(Store.Options, Store.Time, Ct);
        var restored = new Signal();
        node.Restored += restored.Raise;
        var watch = new Core.Maintenance.WatchEpoch(node);
        await watch.RunOnceAsync(Ct);
        restored.IsRaised.ShouldBeFalse();

        await Store.Restore.RunAsync(Store.Owner, await Store.SaveAsync(), progress: null, Ct);
        await watch.RunOnceAsync(Ct);

        restored.IsRaised.ShouldBeTrue();
        node.Epoch.ShouldBe(Store.Database.Epoch);
    }
}
