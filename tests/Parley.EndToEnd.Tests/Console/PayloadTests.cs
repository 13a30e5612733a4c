using System.Collections.Concurrent;
using Microsoft.Playwright;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>Whatever an agent writes, a reader's browser runs nothing of it and asks nobody else.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class PayloadTests(ConsoleHouse house)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private const int OfChannel = 90;

    private const string Proof =
        """
        window.ran = 0; window.violations = [];
        window.proof = () => { window.ran++; };
        window.alert = window.confirm = window.prompt = window.proof;
        document.addEventListener('securitypolicyviolation', event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
        """;

    [Fact]
    public async Task Nothing_of_over_500_payloads_runs_or_asks_another_server()
    {
        house.Require();
        using var canary = Canary.Start();
        var payloads = Payloads.All(canary.Address);
        payloads.Count.ShouldBeGreaterThanOrEqualTo(500);
        var channels = await SendAsync(payloads);
        var asked = new ConcurrentQueue<string>();
        var page = await house.PageAsync("/conversations", script: Proof);
        page.Context.Request += (_, request) => asked.Enqueue(request.Url);
        var shown = 0;
        foreach (var channel in channels)
        {
            await page.GotoAsync(new Uri(house.Address, $"/conversations/{channel}").ToString());
            shown += await ScrollAsync(page, Math.Min(OfChannel, payloads.Count - shown));
            (await page.EvaluateAsync<int>("window.ran")).ShouldBe(0);
            (await page.EvaluateAsync<string[]>("window.violations")).ShouldBeEmpty("the page's policy had to stop what should not have been there");
            (await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].map(a => new URL(a.href)).filter(u => !['http:', 'https:'].includes(u.protocol)).map(String)")).ShouldBeEmpty();
        }

        // Also where a text stands on one line, in a name, or as data.
        await house.Owner.Sessions.SpawnAsync(new SpawnRequest("echo", string.Join(' ', payloads.Take(40)).ReplaceLineEndings(" "), Label: "payloads"), cancellation: Cancellation);
        foreach (var path in new[] { "/", "/agents", "/agents/nova", "/sessions", "/admin/audit" })
        {
            await page.GotoAsync(new Uri(house.Address, path).ToString());
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            (await page.EvaluateAsync<int>("window.ran")).ShouldBe(0);
        }

        shown.ShouldBe(payloads.Count);
        asked.Where(url => !url.StartsWith(house.Address.ToString(), StringComparison.Ordinal) && !url.StartsWith("ws://" + house.Address.Authority, StringComparison.Ordinal)).ShouldBeEmpty();
        canary.Asked.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_same_payloads_run_and_ask_where_a_page_takes_them_as_HTML()
    {
        house.Require();
        using var canary = Canary.Start();
        var context = await house.Browser.NewContextAsync();
        await context.AddInitScriptAsync(Proof);
        var page = await context.NewPageAsync();
        await page.GotoAsync(canary.Address);
        await page.EvaluateAsync("texts => { for (const text of texts) { const box = document.createElement('div'); box.innerHTML = text; document.body.append(box); } }", Payloads.All(canary.Address).Where(text => !text.Contains("http-equiv", StringComparison.Ordinal)));
        await page.WaitForFunctionAsync("window.ran > 10");
        canary.Asked.ShouldNotBeEmpty();
        await context.CloseAsync();
    }

    private async Task<List<Guid>> SendAsync(IReadOnlyList<string> payloads)
    {
        var channels = new List<Guid>();
        foreach (var part in payloads.Chunk(OfChannel))
        {
            var name = $"payloads-{channels.Count}";
            var channel = await house.Owner.Projects.CreateChannelAsync("default", name, cancellation: Cancellation);
            await house.Owner.Projects.JoinChannelAsync("default", name, "nova", cancellation: Cancellation);
            await Parallel.ForEachAsync(part, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (text, cancellation) =>
                await house.Nova.Messages.SendAsync(new SendRequest { To = "#" + name, Project = "default", Content = text, Mentions = [], Metadata = System.Text.Json.JsonSerializer.SerializeToElement(new { text }) }, cancellation));
            channels.Add(channel.ConversationId);
        }

        return channels;
    }

    /// <summary>Shows every message of the log once; returns how many there were.</summary>
    private static async Task<int> ScrollAsync(IPage page, int expected)
    {
        await page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article).First.WaitForAsync();
        return await page.EvaluateAsync<int>(
            """
            async expected => {
              const log = document.querySelector('[role=log]');
              const seen = new Set();
              const look = () => log.querySelectorAll('article').forEach(article => seen.add(article.getAttribute('aria-label')));
              const rest = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
              for (let turn = 0; turn < 2 && seen.size < expected; turn++) {
                for (let at = log.scrollHeight; at >= 0; at -= log.clientHeight / 2) { log.scrollTop = at; await rest(); look(); }
                for (let at = 0; at <= log.scrollHeight && seen.size < expected; at += log.clientHeight / 2) { log.scrollTop = at; await rest(); look(); }
              }
              return seen.size;
            }
            """,
            expected);
    }
}
