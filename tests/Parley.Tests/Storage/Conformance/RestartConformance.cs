using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

public abstract class RestartConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task After_a_restart_everything_is_there_and_the_epoch_is_the_same()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 2));
        await House.SayAsync(tesla, "aaron", "first", "k");
        await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "second", ReplyBy = House.Now.AddHours(7) });
        await House.SayAsync(tesla, "aaron", "deferred");
        await House.SayAsync(tesla, "#general", "post");
        await House.Acknowledge.RunAsync(aaron, 1, Ct);
        await House.Halt.RunAsync(House.Owner, HaltScope.Link, link.Id.ToString(), "stop", Ct);
        var (before, epoch) = (await House.ContentsAsync(), House.Database.Epoch);

        await RestartAsync();
        House.Database.Epoch.ShouldBe(epoch);
        (await House.ContentsAsync()).ShouldBe(before);
        await House.RefreshHalts.RunOnceAsync(Ct);
        (await House.SayAsync(tesla, "aaron", "x").RefusedAsync(ErrorCode.Halted)).Message.ShouldContain("stop");
        (await House.SayAsync(tesla, "aaron", "first", "k")).Duplicate.ShouldBeTrue();
        (await House.ReadInbox.RunAsync(aaron, null, 10, Ct)).Items.Select(item => item.Message.Content).ShouldBe(["second", "post"]);
        await House.Resume.RunAsync(House.Owner, HaltScope.Link, link.Id.ToString(), Ct);
        await House.PassAsync(TimeSpan.FromHours(6));
        (await House.ReceivedAsync(aaron)).ShouldBe(["first", "second", "post", "deferred"]);
        (await House.SayAsync(tesla, "aaron", "next")).Message.Number.ShouldBe(4);
    }
}

public sealed class SqliteRestartTests() : RestartConformance(new SqliteStore());

public sealed class PostgresRestartTests() : RestartConformance(new PostgresStore());
