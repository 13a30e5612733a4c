using Parley.Core;
using Parley.Core.Outbound;

namespace Parley.Tests.Outbound;

public sealed class OutboundRulesTests
{
    private static readonly OutboundPolicy s_open = new() { Enabled = true };

    [Fact]
    public void Nothing_leaves_a_server_of_which_nobody_said_so() =>
        Refusal(new OutboundPolicy { Allow = ["https://hooks.example.org"] }, "https://hooks.example.org/x").ShouldContain("No call leaves");

    [Theory]
    [InlineData("http://hooks.example.org/x", "not encrypted")]
    [InlineData("https://127.0.0.1/x", "not public")]
    [InlineData("https://[::1]/x", "not public")]
    [InlineData("https://2130706433/x", "not public")]
    [InlineData("https://0x7f.1/x", "not public")]
    [InlineData("https://10.1.2.3:8443/x", "not public")]
    [InlineData("https://[::ffff:8.8.8.8]/x", "not public")]
    [InlineData("https://user:secret@hooks.example.org/x", "user or a password")]
    public void What_is_not_public_and_encrypted_is_refused_however_it_is_written(string address, string why) => Refusal(s_open, address).ShouldContain(why);

    [Theory]
    [InlineData("https://hooks.example.org/x?y=z")]
    [InlineData("https://hooks.example.org:8443/")]
    [InlineData("https://93.184.215.14/")]
    public void A_public_address_may_be_called(string address) => OutboundRules.Check(s_open, new Uri(address));

    [Fact]
    public void An_origin_that_the_operator_allows_may_be_private_and_plain()
    {
        var policy = s_open with { Allow = ["http://127.0.0.1:9000", "https://Intranet.Example.org/"] };
        OutboundRules.Check(policy, new Uri("http://127.0.0.1:9000/a?b"));
        OutboundRules.Check(policy, new Uri("https://intranet.example.org:443/hook"));
        Refusal(policy, "http://127.0.0.1:9001/a").ShouldContain("not encrypted");
        Refusal(policy, "https://127.0.0.1:9000/a").ShouldContain("not public");
        Refusal(policy, "http://intranet.example.org/hook").ShouldContain("not encrypted");
    }

    [Fact]
    public void With_onlyAllowed_no_other_origin_is_called()
    {
        var policy = s_open with { Allow = ["https://hooks.example.org"], OnlyAllowed = true };
        OutboundRules.Check(policy, new Uri("https://hooks.example.org/x"));
        Refusal(policy, "https://other.example.org/x").ShouldContain("not one of the origins");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("hooks.example.org")]
    [InlineData("ftp://hooks.example.org/x")]
    [InlineData("https://user@hooks.example.org/x")]
    [InlineData("https://hooks.example.org/x#y")]
    [InlineData("file:///etc/passwd")]
    public void What_is_no_address_to_call_is_refused(string? text) =>
        Should.Throw<ParleyError>(() => OutboundRules.Parse(text, "url")).ShouldSatisfyAllConditions(error => error.Code.ShouldBe(ErrorCode.InvalidRequest), error => error.Field.ShouldBe("url"));

    private static string Refusal(OutboundPolicy policy, string address)
    {
        var refusal = Should.Throw<ParleyError>(() => OutboundRules.Check(policy, new Uri(address)));
        refusal.Code.ShouldBe(ErrorCode.OutboundRefused);
        return refusal.Message;
    }
}
