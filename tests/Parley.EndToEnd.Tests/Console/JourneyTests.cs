using Microsoft.Playwright;
using Parley.Client.Wire;
using static Microsoft.Playwright.Assertions;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>What people do in the console, in Chromium on a running server.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class JourneyTests(ConsoleHouse house)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_signs_in_once_leaves_no_secret_in_the_address_and_signing_out_ends_it()
    {
        house.Require();
        var context = await house.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var link = await house.SignInAsync(page);
        page.Url.ShouldBe(house.Address.ToString());
        (await context.CookiesAsync()).ShouldHaveSingleItem().HttpOnly.ShouldBeTrue();
        await page.GetByText("owner of default").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByText("parley console", new() { Exact = true })).ToBeVisibleAsync();
        await page.GotoAsync(link);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The link was used already");
        page.Url.ShouldNotContain("#");
        await context.CloseAsync();
    }

    [Fact]
    public async Task A_person_links_two_agents_with_a_quota_sees_the_credits_go_down_unlinks_them_and_takes_that_back()
    {
        var page = await house.PageAsync("/agents/nova");
        var card = page.GetByRole(AriaRole.Region, new() { Name = "Agent Contacts" });
        await card.GetByRole(AriaRole.Button, new() { Name = "Add contacts" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Agents").FillAsync("quill");
        await page.GetByRole(AriaRole.Option, new() { Name = "quill" }).ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await dialog.GetByLabel("Messages").FillAsync("0");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Link", Exact = true }).ClickAsync();
        await Expect(dialog.GetByLabel("Messages")).ToHaveAttributeAsync("aria-invalid", "true");
        await dialog.GetByLabel("Messages").FillAsync("7");
        await dialog.GetByLabel("in hours").FillAsync("2");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Link", Exact = true }).ClickAsync();
        var contact = card.GetByRole(AriaRole.Article, new() { Name = "Contact quill" });
        await Expect(contact).ToContainTextAsync("7 of 7 credits left");
        await house.Nova.Messages.SendAsync(new SendRequest { To = "quill", Content = "Please write it down." }, cancellation: Cancellation);
        await Expect(contact).ToContainTextAsync("6 of 7 credits left");
        await Expect(contact).ToContainTextAsync("resets in 1h 5");
        await contact.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Unlink" }).ClickAsync();
        await Expect(contact).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(contact).ToContainTextAsync("of 7");
        await contact.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Unlink" }).ClickAsync();
        await Expect(contact).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_person_writes_in_a_channel_sees_an_answer_come_live_and_how_far_each_delivery_came()
    {
        var page = await house.PageAsync("/conversations");
        await page.GetByRole(AriaRole.Link, new() { Name = "general" }).ClickAsync();
        await page.GetByLabel("Write to #general").FillAsync("Who takes build 42?");
        await page.Keyboard.PressAsync("Control+Enter");
        var mine = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Who takes build 42?" });
        await Expect(mine).ToBeVisibleAsync();
        await house.Atlas.Messages.SendAsync(new SendRequest { To = "#general", Content = "I do." }, cancellation: Cancellation);
        await Expect(page.GetByRole(AriaRole.Article).Filter(new() { HasText = "I do." })).ToBeVisibleAsync();
        await mine.HoverAsync();
        await mine.GetByRole(AriaRole.Button, new() { NameRegex = new("Details") }).ClickAsync();
        var details = page.GetByRole(AriaRole.Dialog);
        await Expect(details.GetByRole(AriaRole.Region, new() { Name = "Deliveries" })).ToContainTextAsync("pending");
        var inbox = await house.Nova.Inbox.ReadAsync(cancellation: Cancellation);
        await house.Nova.Inbox.AcknowledgeAsync(inbox.Cursor, cancellation: Cancellation);
        await Expect(details.GetByRole(AriaRole.Region, new() { Name = "Deliveries" })).ToContainTextAsync("acknowledged");
        page.Url.ShouldContain("?m=");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_looked_for_in_a_log_stands_in_the_address()
    {
        await house.Nova.Messages.SendAsync(new SendRequest { To = "#general", Type = "discovery", Content = "A needle in the log" }, cancellation: Cancellation);
        var page = await house.PageAsync("/conversations");
        await page.GetByRole(AriaRole.Link, new() { Name = "general" }).ClickAsync();
        await page.GetByLabel("Words in the text").FillAsync("needle");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=needle"));
        await Expect(page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_held_message_is_edited_and_approved()
    {
        await house.Atlas.Messages.SendAsync(new SendRequest { To = "quill", Content = "Shall I tell all customers?" }, cancellation: Cancellation);
        var page = await house.PageAsync();
        var held = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Shall I tell all customers?" });
        await held.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Text").FillAsync("Shall I tell the team?");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Approve this text" }).ClickAsync();
        await Expect(held).ToHaveCountAsync(0);
        (await house.Owner.People.ListHoldsAsync(cancellation: Cancellation)).Items.ShouldNotContain(item => item.Message.Content == "Shall I tell all customers?");
        (await house.Owner.Messages.ListAsync(new Parley.Client.Http.MessageFilter { With = "atlas,quill" }, cancellation: Cancellation)).Items.ShouldContain(message => message.Content == "Shall I tell the team?" && message.Withheld == null);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_session_that_runs_is_steered_and_killed_where_it_is_seen()
    {
        await house.Owner.Sessions.SpawnAsync(new SpawnRequest("echo", ConsoleHouse.LongTask, Label: "asks"), cancellation: Cancellation);
        var spawned = await house.Owner.Sessions.SpawnAsync(new SpawnRequest("echo", ConsoleHouse.LongTask, Label: "long"), cancellation: Cancellation);
        var page = await house.PageAsync();
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "What runs now" }).GetByRole(AriaRole.Row);
        var (asks, row) = (rows.Filter(new() { HasText = "echo · asks" }), rows.Filter(new() { HasText = "echo · long" }));
        await Expect(asks).ToContainTextAsync("running");
        await asks.GetByRole(AriaRole.Button, new() { Name = "Steer asks" }).ClickAsync();
        await page.GetByLabel("What it should do").FillAsync("gRPC.");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(asks).ToHaveCountAsync(0); // what it waited for has come
        await row.GetByRole(AriaRole.Button, new() { Name = "Kill long" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        (await house.Owner.Sessions.ReadAsync(spawned.SessionKey, cancellation: Cancellation)).Session.Status.ShouldBe("killed");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Everything_is_halted_only_after_a_word_was_typed_and_goes_on_again()
    {
        var page = await house.PageAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Halt everything" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Halt everything" })).ToBeDisabledAsync();
        await dialog.GetByLabel("Reason").FillAsync("A drill");
        await dialog.GetByLabel("Type halt to confirm").FillAsync("halt");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Halt everything" }).ClickAsync();
        await Expect(page.GetByText("The whole organization is halted")).ToBeVisibleAsync();
        var refusal = await Should.ThrowAsync<Parley.Client.ParleyException>(() => house.Nova.Messages.SendAsync(new SendRequest { To = "#general", Content = "Anybody?" }, cancellation: Cancellation));
        refusal.Code.ShouldBe("halted");
        await page.GetByRole(AriaRole.Button, new() { Name = "Let it go on" }).ClickAsync();
        await Expect(page.GetByText("The whole organization is halted")).ToHaveCountAsync(0);
        await house.Nova.Messages.SendAsync(new SendRequest { To = "#general", Content = "Here again." }, cancellation: Cancellation);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_person_takes_part_in_a_meeting_and_hears_the_agents_one_after_the_other()
    {
        var page = await house.PageAsync("/meetings/launch");
        await page.GetByLabel("Say something").FillAsync("Should we launch next month?");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("$200K revenue risk");
        await page.GetByLabel("Say something").FillAsync("/chain-length 6");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Chain length")).ToHaveValueAsync("6");
        (await house.Owner.Meetings.FindAsync("launch", cancellation: Cancellation)).ChainLength.ShouldBe(6);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.GetByLabel("Chain length")).ToHaveValueAsync("4");

        // Who answered whom is drawn, and told to those who do not see it.
        await Expect(page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article, new() { NameRegex = new(", answers (owner|ceo|cto|cfo)$") }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Commands" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { NameRegex = new("participants") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Region, new() { Name = "In the room" })).ToContainTextAsync("cfo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Commands" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { NameRegex = new("bound how often") }).ClickAsync();
        await page.GetByLabel("Say something").PressSequentiallyAsync("cto many");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Write it as: /limit cto 2")).ToBeVisibleAsync();
        await page.GetByLabel("Say something").FillAsync("/limit cto 2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Asked at most: cto 2 times")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Everything_is_reached_by_keyboard()
    {
        var page = await house.PageAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Command center" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByPlaceholder("Go to a page").FillAsync("atlas");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/agents/atlas$"));
        await Expect(page.GetByPlaceholder("Go to a page")).ToHaveCountAsync(0);
        await page.Locator("#content").FocusAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("n");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Network" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task When_the_server_has_gone_and_comes_back_the_page_says_so_and_goes_on_without_a_reload()
    {
        var page = await house.PageAsync("/conversations");
        await page.GetByRole(AriaRole.Link, new() { Name = "general" }).ClickAsync();
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await page.EvaluateAsync("window.same = true");
        await house.StopAsync();
        await Expect(page.GetByText("Not connected to the server")).ToBeVisibleAsync();
        await house.StartAsync();
        await house.Nova.Messages.SendAsync(new SendRequest { To = "#general", Content = "Said while nobody listened" }, cancellation: Cancellation);
        await Expect(page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Said while nobody listened" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Not connected to the server")).ToHaveCountAsync(0);
        (await page.EvaluateAsync<bool>("window.same")).ShouldBeTrue();
        await page.Context.CloseAsync();
    }
}
