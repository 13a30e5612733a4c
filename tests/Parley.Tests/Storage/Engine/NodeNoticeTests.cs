using Parley.Core;
using Parley.Storage.Postgres;

namespace Parley.Tests.Storage.Engine;

public sealed class NodeNoticeTests
{
    [Fact]
    public void What_is_told_is_heard_and_fits_into_a_notice()
    {
        var grown = Enumerable.Range(0, NodeNotice.Most).Select(i => new InboxPosition(Guid.NewGuid(), long.MaxValue - i)).ToList();
        var notice = new NodeNotice(Guid.NewGuid(), grown);
        var text = notice.ToString();
        text.Length.ShouldBeLessThan(8_000);
        var heard = NodeNotice.Parse(text).ShouldNotBeNull();
        heard.Node.ShouldBe(notice.Node);
        heard.Grown.ShouldBe(grown);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("0123456789abcdef0123456789abcdef 7")]
    [InlineData("0123456789abcdef0123456789abcdef 0123456789abcdef0123456789abcdef:-1")]
    [InlineData("0123456789abcdef0123456789abcdef 0123456789abcdef0123456789abcdef:99999999999999999999")]
    public void What_somebody_else_tells_is_not_heard(string text) => NodeNotice.Parse(text).ShouldBeNull();
}
