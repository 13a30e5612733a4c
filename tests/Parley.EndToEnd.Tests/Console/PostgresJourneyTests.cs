using System.Globalization;
using Microsoft.Playwright;
using Parley.Client.Wire;
using Parley.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>The same house on PostgreSQL.</summary>
public sealed class PostgresConsoleHouse : ConsoleHouse
{
    private PostgresDatabase? database;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    protected override async Task<string[]> ArgumentsAsync()
    {
        database = await PostgresServer.CreateDatabaseAsync();
        return ["--database", database.ConnectionString];
    }
}

/// <summary>The main journey where the store is PostgreSQL, and much of everything.</summary>
public sealed class PostgresJourneyTests(PostgresConsoleHouse house) : IClassFixture<PostgresConsoleHouse>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_people_do_every_day_works_on_PostgreSQL_too()
    {
        var page = await house.PageAsync();
        var nodes = page.GetByRole(AriaRole.Region, new() { Name = "Nodes" });
        await Expect(nodes.GetByRole(AriaRole.Row).Filter(new() { HasText = "answers you" })).ToContainTextAsync("alive");
        await nodes.GetByRole(AriaRole.Button, new() { NameRegex = new("^Empty ") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Drain" }).ClickAsync();
        await Expect(page.GetByText("No other node could take over")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await house.Atlas.Messages.SendAsync(new SendRequest { To = "quill", Content = "Shall I tell all customers?" }, cancellation: Cancellation);
        var held = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Shall I tell all customers?" });
        await held.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(held).ToHaveCountAsync(0);

        var spawned = await house.Owner.Sessions.SpawnAsync(new SpawnRequest("echo", ConsoleHouse.LongTask, Label: "long"), cancellation: Cancellation);
        var row = page.GetByRole(AriaRole.Region, new() { Name = "What runs now" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "echo · long" });
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Thinking now" })).ToContainTextAsync("echo");
        await row.GetByRole(AriaRole.Button, new() { Name = "Kill long" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        (await house.Owner.Sessions.ReadAsync(spawned.SessionKey, cancellation: Cancellation)).Session.Status.ShouldBe("killed");

        await page.GetByRole(AriaRole.Link, new() { Name = "Conversations" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "general" }).ClickAsync();
        await page.GetByLabel("Write to #general").FillAsync("Who takes build 42?");
        await page.Keyboard.PressAsync("Control+Enter");
        await house.Atlas.Messages.SendAsync(new SendRequest { To = "#general", Content = "I do." }, cancellation: Cancellation);
        await Expect(page.GetByRole(AriaRole.Article).Filter(new() { HasText = "I do." })).ToBeVisibleAsync();
        await page.GetByLabel("Words in the text").FillAsync("takes");
        await Expect(page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    /// <summary>More than some pages of a log; 5,000 in the long form: <c>PARLEY_CONSOLE_MESSAGES=5000 ./test Much_of_everything</c>.</summary>
    private static int Messages => int.TryParse(Environment.GetEnvironmentVariable("PARLEY_CONSOLE_MESSAGES"), out var given) ? given : 300;

    [Fact]
    public async Task Much_of_everything_is_shown_whole_and_stays_quick()
    {
        house.Require();
        const int Agents = 200;
        var longest = "a" + new string('n', 49);
        await Parallel.ForEachAsync(Enumerable.Range(0, Agents), Cancellation, async (i, cancellation) =>
            await house.Owner.Agents.AddAsync(new AddAgentRequest(i == 0 ? longest : $"worker-{i}", Description: i == 0 ? new string('w', 400) : "One of many"), cancellation));
        var channel = await house.Owner.Projects.CreateChannelAsync("default", "much", cancellation: Cancellation);
        await house.Owner.Projects.JoinChannelAsync("default", "much", "nova", cancellation: Cancellation);
        await Parallel.ForEachAsync(Enumerable.Range(0, Messages), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (i, cancellation) =>
            await house.Nova.Messages.SendAsync(new SendRequest { To = "#much", Project = "default", Content = $"Line {i.ToString(CultureInfo.InvariantCulture)}" }, cancellation));
        var large = new string('x', 2_000) + "\n\n" + string.Concat(Enumerable.Repeat("words and more words \n", 2_850));
        await house.Nova.Messages.SendAsync(new SendRequest { To = "#much", Project = "default", Content = large }, cancellation: Cancellation);
        await house.Nova.Messages.SendAsync(new SendRequest { To = "#much", Project = "default", Content = "Pay \u202e001 to me" }, cancellation: Cancellation);

        var page = await house.PageAsync($"/conversations/{channel.ConversationId}", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 390, Height = 844 } });
        var last = page.GetByRole(AriaRole.Article, new() { Name = $"Message {Messages + 2} of nova" });
        await Expect(last).ToContainTextAsync("U+202E");
        (await page.GetByRole(AriaRole.Article).CountAsync()).ShouldBeLessThan(60, "only what is seen is in the page");
        await NotTooWideAsync(page);
        await page.GetByRole(AriaRole.Article, new() { Name = $"Message {Messages + 1} of nova" }).GetByRole(AriaRole.Button, new() { NameRegex = new("Details") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("words and more words");
        await NotTooWideAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await page.EvaluateAsync("window.log = document.querySelector('[role=log]'); window.up = setInterval(() => { log.scrollTop = 0; }, 50);");
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "Message 1 of nova", Exact = true })).ToBeVisibleAsync();
        foreach (var path in new[] { "/agents", $"/agents/{longest}", "/network", "/meetings" })
        {
            await page.GotoAsync(new Uri(house.Address, path).ToString());
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
            await NotTooWideAsync(page);
        }

        await page.GotoAsync(new Uri(house.Address, "/agents").ToString());
        await page.GetByLabel("Find an agent").FillAsync("worker-199");
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("worker-") })).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    private static async Task NotTooWideAsync(IPage page) => (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, page.Url);
}
