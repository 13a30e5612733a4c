using Microsoft.Playwright;
using Parley.Client.Wire;
using static Microsoft.Playwright.Assertions;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>What people set up and bound in the console: agents, budgets, and what cannot be taken back.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class SteeringTests(ConsoleHouse house)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agents_page_shows_its_persona_its_doors_and_what_each_turn_of_its_session_used()
    {
        var page = await house.PageAsync("/agents/echo");
        var persona = page.GetByRole(AriaRole.Region, new() { Name = "Persona" });
        await persona.GetByText("AGENTS.md").ClickAsync();
        await Expect(persona.GetByLabel("AGENTS.md")).ToContainTextAsync("You repeat what you hear");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Connected by" })).ToContainTextAsync("demo/echo");
        var spawned = await house.Owner.Sessions.SpawnAsync(new SpawnRequest("echo", "Count to three", Label: "counted"), cancellation: Cancellation);
        var ended = await house.Owner.Sessions.ReadAsync(spawned.SessionKey, TimeSpan.FromSeconds(60), Cancellation);
        await page.GotoAsync(new Uri(house.Address, $"/sessions/{ended.Session.Id}").ToString());
        await Expect(page.GetByRole(AriaRole.Note, new() { NameRegex = new("^A turn: [1-9]") })).ToContainTextAsync("1 model call");
        await page.GotoAsync(new Uri(house.Address, "/agents/nova").ToString());
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Connected by" })).ToContainTextAsync("HTTP");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_budget_is_set_after_it_was_shown_what_changes_and_taken_back()
    {
        var page = await house.PageAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "no limit set" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Set a limit" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByPlaceholder("Choose").FillAsync("ceo");
        await page.GetByRole(AriaRole.Option, new() { Name = "ceo" }).ClickAsync();
        await dialog.GetByLabel("Tokens a day").FillAsync("5000");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set the limit" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("from no limit to at most 5K tokens");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Yes, set it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "of 5K" })).ToContainTextAsync("ceo");
        (await house.Owner.Hosting.ReadBudgetsAsync(Cancellation)).Days.ShouldContain(day => day.Target == "ceo" && day.MaxTokens == 5000);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "of 5K" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await dialog.GetByLabel("Turns").FillAsync("99999");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change the bounds" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Yes, change them" }).ClickAsync();
        await Expect(dialog.GetByLabel("Turns")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Agents_of_every_kind_are_added_with_what_is_wrong_at_the_field_and_removed_by_their_name()
    {
        var page = await house.PageAsync("/agents");
        var dialog = await AddAsync(page, "Another server");
        await dialog.GetByLabel("Address").FillAsync("https://agents.example.org");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Look at its card" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("\"outbound\": { \"enabled\": true }");

        await dialog.GetByText("A program", new() { Exact = true }).ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("builder");
        await dialog.GetByLabel("Folder").FillAsync("/nowhere/at/all");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(dialog.GetByLabel("Folder")).ToHaveAttributeAsync("aria-invalid", "true");
        await dialog.GetByLabel("Folder").FillAsync("");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/agents/builder$"));
        (await house.Owner.Hosting.ReadAsync("builder", Cancellation)).Program!.Profile.ShouldBe("claude");

        await page.GotoAsync(new Uri(house.Address, "/agents").ToString());
        await AddAsync(page, "Connects by itself");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Not a name!");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(dialog.GetByLabel("Name", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("visitor");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Issue a token" }).ClickAsync();
        await Expect(dialog.GetByText(new System.Text.RegularExpressions.Regex("^pa_"))).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "To visitor" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "More about this agent" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Remove" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToBeDisabledAsync();
        await dialog.GetByLabel("Type visitor to confirm").FillAsync("visitor");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/agents$"));
        await house.Owner.Agents.RemoveAsync("builder", Cancellation);
        await page.Context.CloseAsync();
    }

    private static async Task<ILocator> AddAsync(IPage page, string kind)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add an agent" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText(kind, new() { Exact = true }).ClickAsync();
        return dialog;
    }
}
