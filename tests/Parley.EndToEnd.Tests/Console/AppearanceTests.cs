using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>Every page in light, dark and on a phone: pictures for a person to look at, and what axe finds.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed partial class AppearanceTests(ConsoleHouse house)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly string[] Paths =
    [
        "/", "/agents", "/agents/nova", "/agents/echo", "/conversations", "/sessions", "/meetings", "/meetings/launch", "/roots", "/budgets", "/schedules", "/schedules/morning", "/network",
        "/admin/links", "/admin/users", "/admin/tokens", "/admin/browsers", "/admin/features", "/admin/models", "/admin/audit", "/admin/settings",
    ];

    // Colours are looked at in both schemes; names, roles and order are the same in both, and different on a phone.
    private static readonly (string Name, int Width, int Height, ColorScheme Scheme, string Rules)[] Forms =
    [
        ("light", 1360, 900, ColorScheme.Light, "{}"),
        ("dark", 1360, 900, ColorScheme.Dark, "{ runOnly: ['color-contrast', 'link-in-text-block'] }"),
        ("phone", 390, 844, ColorScheme.Light, "{}"),
    ];

    /// <summary>What still moves to its new colours or place is there at once.</summary>
    private const string Still =
        """
        async () => {
          const frame = () => new Promise(done => requestAnimationFrame(done));
          await frame(); await frame();
          for (const animation of document.getAnimations()) { if (animation.effect.getComputedTiming().iterations !== Infinity) animation.finish(); }
          await frame();
        }
        """;

    [Fact]
    public async Task Every_page_is_shown_in_light_and_dark_and_on_a_phone_without_an_error_and_axe_finds_nothing_serious()
    {
        house.Require();
        var faults = new ConcurrentQueue<string>();
        var paths = new ConcurrentQueue<string>(Paths.Concat(await OfThingsAsync()));
        var axe = await File.ReadAllTextAsync(Repository.PathOf("console/node_modules/axe-core/axe.min.js"), Cancellation);
        var number = paths.Count;
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => LookAsync()));
        await File.WriteAllLinesAsync(Path.Combine(Folder, "faults.txt"), faults, Cancellation);
        faults.ShouldBeEmpty();
        Directory.GetFiles(Folder, "*.png").Length.ShouldBeGreaterThanOrEqualTo(number * Forms.Length);

        async Task LookAsync()
        {
            var page = await house.PageAsync("/", new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce });
            page.PageError += (_, error) => faults.Enqueue($"{page.Url}: {error}");
            page.Console += (_, message) =>
            {
                // A refusal that a page shows, and a change of the machine's network, which pages get over, are no faults of a page.
                if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal) && !message.Text.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
                {
                    faults.Enqueue($"{page.Url}: {message.Text}");
                }
            };
            await page.EvaluateAsync(axe);
            while (paths.TryDequeue(out var path))
            {
                await page.EvaluateAsync("path => history.pushState({}, '', path)", path);
                await page.Locator($"#content[data-page='{path}']").WaitForAsync();
                await Assertions.Expect(page.GetByRole(AriaRole.Status, new() { Name = "Loading" })).ToHaveCountAsync(0);
                foreach (var refused in await page.GetByRole(AriaRole.Alert).AllInnerTextsAsync())
                {
                    faults.Enqueue($"{path} says: {refused}");
                }

                foreach (var form in Forms)
                {
                    await page.SetViewportSizeAsync(form.Width, form.Height);
                    await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = form.Scheme });
                    await page.EvaluateAsync(Still);
                    var found = await page.EvaluateAsync<JsonElement>($"axe.run(document, {{ resultTypes: ['violations'], ...{form.Rules} }}).then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' || ')))");
                    foreach (var violation in found.EnumerateArray())
                    {
                        faults.Enqueue($"{form.Name} {path}: {violation.GetString()}");
                    }

                    if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") is > 0 and var wide)
                    {
                        faults.Enqueue($"{form.Name} {path}: {wide} pixels wider than the window");
                    }

                    await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{form.Name}-{NameOf(path)}.png"), FullPage = form.Name == "phone" });
                }
            }

            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Axe_finds_what_is_not_right()
    {
        house.Require();
        var page = await house.PageAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Command center" }).WaitForAsync();
        await page.EvaluateAsync(await File.ReadAllTextAsync(Repository.PathOf("console/node_modules/axe-core/axe.min.js"), Cancellation));
        await page.EvaluateAsync("const text = document.createElement('p'); text.textContent = 'pale'; text.style = 'color: #eee; background: #fff'; document.querySelector('main').append(text)");
        (await page.EvaluateAsync<string[]>("axe.run(document, { runOnly: ['color-contrast', 'link-in-text-block'] }).then(r => r.violations.map(v => v.id))")).ShouldBe(["color-contrast"]);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_picture_of_the_guide_is_made_here()
    {
        var picture = Repository.PathOf("docs/images/console.png");
        if (Environment.GetEnvironmentVariable("PARLEY_DOCS_WRITE") == "1")
        {
            var page = await house.PageAsync("/", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 860 }, ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            var spawned = await house.Owner.Sessions.SpawnAsync(new SpawnRequest("echo", ConsoleHouse.LongTask, Label: "api-design"), cancellation: Cancellation);
            await page.GetByText("echo · api-design").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = picture });
            await house.Owner.Sessions.KillAsync(spawned.SessionKey, cancellation: Cancellation);
            await page.Context.CloseAsync();
        }

        new FileInfo(picture).Length.ShouldBeInRange(10_000, 300_000);
    }

    [Fact]
    [Alone]
    public async Task The_first_page_can_be_used_within_a_second()
    {
        var page = await house.PageAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Command center" }).WaitForAsync();
        var times = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            await page.ReloadAsync();
            await page.GetByRole(AriaRole.Region, new() { Name = "What runs now" }).WaitForAsync();
            times.Add(await page.EvaluateAsync<double>("performance.now()"));
        }

        TestContext.Current.SendDiagnosticMessage($"console: first page usable after {times.Min():0} ms");
        times.Min().ShouldBeLessThan(1000 * Slowness);
        await page.Context.CloseAsync();
    }

    [Fact]
    [Alone]
    public async Task A_channel_that_gets_200_messages_a_second_stays_responsive()
    {
        const int Seconds = 4, EachSecond = 200;
        var page = await house.PageAsync("/conversations");
        var channel = await house.Owner.Projects.CreateChannelAsync("default", "busy", cancellation: Cancellation);
        await house.Owner.Projects.JoinChannelAsync("default", "busy", "nova", cancellation: Cancellation);
        await house.Nova.Messages.SendAsync(new SendRequest { To = "#busy", Project = "default", Content = "first" }, cancellation: Cancellation);
        await page.GotoAsync(new Uri(house.Address, $"/conversations/{channel.ConversationId}").ToString());
        await page.GetByRole(AriaRole.Article).First.WaitForAsync();
        await page.EvaluateAsync("window.longest = 0; let last = performance.now(); const tick = () => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; setTimeout(tick, 0); }; tick();");
        for (var second = 0; second < Seconds; second++)
        {
            var rest = Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
            await Task.WhenAll(Enumerable.Range(0, EachSecond).Select(i => house.Nova.Messages.SendAsync(new SendRequest { To = "#busy", Project = "default", Content = $"Message {second}-{i} of **many**" }, cancellation: Cancellation)));
            await rest;
        }

        await Assertions.Expect(page.GetByRole(AriaRole.Article, new() { Name = $"Message {1 + (Seconds * EachSecond)} of nova" })).ToBeVisibleAsync();
        var longest = await page.EvaluateAsync<double>("window.longest");
        TestContext.Current.SendDiagnosticMessage($"console: longest pause at 200 messages a second {longest:0} ms");
        longest.ShouldBeLessThan(300 * Slowness);
        await page.Context.CloseAsync();
    }

    /// <summary>How much slower than the machine of the figures a run may be: others work on it too.</summary>
    private static double Slowness => double.TryParse(Environment.GetEnvironmentVariable("PARLEY_CONSOLE_SLOWNESS"), out var given) ? given : 3;

    private static string Folder => Directory.CreateDirectory(Repository.PathOf("artifacts/screenshots")).FullName;

    private async Task<IEnumerable<string>> OfThingsAsync()
    {
        var session = (await house.Owner.Sessions.ListAsync(cancellation: Cancellation)).Items[^1];
        var conversations = (await house.Owner.Messages.ListConversationsAsync(cancellation: Cancellation)).Items;
        var channel = conversations.First(one => one is { Kind: "channel", Name: "general" });
        return [$"/sessions/{session.Id}", $"/roots/{session.Root}", $"/conversations/{channel.Id}"];
    }

    private static string NameOf(string path) => path == "/" ? "command-center" : Unfit().Replace(Id().Replace(path, "one"), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Unfit();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Id();
}
