using System.Net;
using System.Text.RegularExpressions;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.OpenApi;

/// <summary>The page at /docs comes whole from this server, and the browser is told to ask nobody else.</summary>
public sealed partial class DocumentPageTests
{
    [Fact]
    public async Task Every_part_of_the_page_is_served_here_under_a_policy_that_names_no_other_host()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(null);
        using var page = await client.GetAsync("/docs/index.html", TestContext.Current.CancellationToken);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = CheckPolicy(page);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var parts = Part().Matches(html).Select(match => match.Groups[1].Value).Where(part => !part.StartsWith("data:", StringComparison.Ordinal)).ToList();
        parts.ShouldContain(part => part.EndsWith(".js", StringComparison.Ordinal));
        foreach (var part in parts)
        {
            var address = new Uri(new Uri(server.Address, "/docs/index.html"), part);
            address.Authority.ShouldBe(server.Address.Authority, part);
            using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, part);
            CheckPolicy(answer).ShouldBe(policy);
        }

        // Scripts in the page itself would not run under the policy.
        InlineScript().Matches(html).Select(match => match.Groups[1].Value.Trim()).ShouldAllBe(script => script.Length == 0);
    }

    [Fact]
    public async Task The_page_asks_no_validator_of_another_site()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(null);
        var settings = await client.GetStringAsync("/docs/index.js", TestContext.Current.CancellationToken);
        settings.ShouldContain("/openapi/v1.json");
        settings.ShouldContain("configObject.validatorUrl = null");
        settings.ShouldNotContain("\"validatorUrl\":");
    }

    private static string CheckPolicy(HttpResponseMessage answer)
    {
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        var directives = policy.Split(';', StringSplitOptions.TrimEntries).ToDictionary(directive => directive.Split(' ')[0], directive => directive.Split(' ')[1..]);
        directives["default-src"].ShouldBe(["'none'"]);
        directives["script-src"].ShouldBe(["'self'"]);
        directives["connect-src"].ShouldBe(["'self'"]);
        directives["frame-ancestors"].ShouldBe(["'none'"]);
        directives.Values.SelectMany(sources => sources).Distinct().ShouldBeSubsetOf(["'none'", "'self'", "data:", "'unsafe-inline'"]);
        directives.Where(directive => directive.Value.Contains("'unsafe-inline'")).Select(directive => directive.Key).ShouldBe(["style-src"]);
        return policy;
    }

    [GeneratedRegex(@"(?:src|href)=[""']([^""']+)[""']")]
    private static partial Regex Part();

    [GeneratedRegex("<script[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScript();
}
