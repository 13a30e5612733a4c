using Parley.Core;
using Parley.Core.Webhooks;

namespace Parley.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    /// <summary>The example that the libraries of Standard Webhooks test themselves with.</summary>
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void The_published_example_is_signed_as_published()
    {
        var headers = WebhookSignature.Headers("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}""", Secret);
        headers.ShouldBe(new Dictionary<string, string>
        {
            ["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek", ["webhook-timestamp"] = "1614265330", ["webhook-signature"] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        });
    }

    [Fact]
    public void Two_secrets_give_two_signatures_with_a_blank_between()
    {
        var other = WebhookSignature.NewSecret();
        var both = WebhookSignature.Headers("msg_1", DateTimeOffset.UnixEpoch, "{}", Secret, other)["webhook-signature"].Split(' ');
        both.ShouldBe([WebhookSignature.Headers("msg_1", DateTimeOffset.UnixEpoch, "{}", Secret)["webhook-signature"], WebhookSignature.Headers("msg_1", DateTimeOffset.UnixEpoch, "{}", other)["webhook-signature"]]);
        both[0].ShouldNotBe(both[1]);
    }

    [Fact]
    public void A_new_secret_has_256_bits_and_is_another_each_time()
    {
        var secret = WebhookSignature.NewSecret();
        WebhookSignature.Check(secret).ShouldBe(secret);
        Convert.FromBase64String(secret["whsec_".Length..]).Length.ShouldBe(32);
        WebhookSignature.NewSecret().ShouldNotBe(secret);
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64 at all, but as long as one would be")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void What_is_no_secret_is_refused(string text) => Should.Throw<ParleyError>(() => WebhookSignature.Check(text)).Field.ShouldBe("secret");
}
