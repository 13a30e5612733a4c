using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Maintenance;

public abstract class ExportTests(bool postgres) : MaintenanceTests(postgres)
{
    [Fact]
    public async Task Every_message_is_exported_once_oldest_first_with_its_deliveries()
    {
        var tesla = await LinkedAsync();
        var sent = new List<Guid>();
        for (var i = 0; i < 205; i++)
        {
            Store.Time.Advance(TimeSpan.FromSeconds(1));
            sent.Add((await Store.SendAsync(tesla, i % 2 == 0 ? "aaron" : "nikola", $"text {i}")).Message.Id);
        }

        var exported = await Store.ExportAsync();

        exported.Select(message => message.Message.Id).ShouldBe(sent);
        exported.ShouldAllBe(message => message.Deliveries.Count == 1 && message.Deliveries[0].State == DeliveryState.Pending);
        var conversation = exported[0].Message.ConversationId;
        (await Store.ExportAsync(new ExportFilter(ConversationId: conversation))).Select(message => message.Message.Number).ShouldBe(Enumerable.Range(1, 103).Select(n => (long)n));
        (await Store.ExportAsync(new ExportFilter(Since: exported[200].Message.CreatedAt))).Count.ShouldBe(5);
        (await Store.ExportAsync(new ExportFilter(Sender: "nobody"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_export_ends_though_messages_keep_coming()
    {
        var tesla = await LinkedAsync();
        var count = 0;
        for (var i = 0; i < 150; i++)
        {
            await Store.SendAsync(tesla, "aaron", "before");
        }

        await foreach (var message in new ExportMessages(Store.Database).RunAsync(Store.Owner, new ExportFilter(), Ct))
        {
            count++;
            Store.Time.Advance(TimeSpan.FromSeconds(1));
            await Store.SendAsync(tesla, "nikola", "meanwhile");
            count.ShouldBeLessThanOrEqualTo(150);
        }

        count.ShouldBe(150);
    }

    [Fact]
    public async Task Agents_export_nothing_and_a_foreign_conversation_is_not_found()
    {
        var tesla = await LinkedAsync();

        Should.Throw<ParleyError>(() => new ExportMessages(Store.Database).RunAsync(tesla, new ExportFilter(), Ct)).Code.ShouldBe(ErrorCode.Forbidden);
        (await Should.ThrowAsync<ParleyError>(() => Store.ExportAsync(new ExportFilter(ConversationId: Guid.NewGuid())))).Code.ShouldBe(ErrorCode.NotFound);
    }

    private async Task<Caller> LinkedAsync()
    {
        var tesla = await Store.AgentAsync("tesla");
        await Store.AgentAsync("aaron");
        await Store.AgentAsync("nikola");
        await Store.LinkAsync("tesla", "aaron");
        await Store.LinkAsync("tesla", "nikola");
        return tesla;
    }
}

public sealed class SqliteExportTests() : ExportTests(postgres: false);

public sealed class PostgresExportTests() : ExportTests(postgres: true);
