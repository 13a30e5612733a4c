using System.Diagnostics;
using Microsoft.Playwright;
using Parley.Client;
using Parley.Client.Wire;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>The tests in a browser, one after the other on one server.</summary>
[CollectionDefinition(nameof(ConsoleHouse))]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleHouse>;

/// <summary>A server with agents on demonstration models, and Chromium signed in to its console as the owner.</summary>
public class ConsoleHouse : IAsyncLifetime
{
    /// <summary>A task that runs until it is ended: its agent waits for an answer of its parent.</summary>
    public const string LongTask = """tool: sessions_send {"sessionKey":"parent","message":"REST or gRPC?","wait":300}""";

    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    private readonly ParleyProgram parley = new();
    private readonly int port = FreePort.Next();
    private string? missing;
    private IPlaywright? playwright;
    private Process? server;
    private string? session;
    private string[] arguments = [];

    public ParleyProgram Parley => parley;

    public Uri Address => new($"http://127.0.0.1:{port}");

    public ParleyClient Owner { get; private set; } = null!;

    public ParleyClient Nova { get; private set; } = null!;

    public ParleyClient Atlas { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>What the server is started with besides its address.</summary>
    protected virtual Task<string[]> ArgumentsAsync() => Task.FromResult<string[]>([]);

    public async ValueTask InitializeAsync()
    {
        if (Command.Find("chromium") is not { } chromium)
        {
            missing = "Chromium is not installed: sudo apt install chromium";
            return;
        }

        arguments = await ArgumentsAsync();
        await StartAsync();
        using var http = new HttpClient { BaseAddress = Address };
        if ((await http.GetStringAsync("/")).Contains("is not in this build", StringComparison.Ordinal))
        {
            missing = "The console is not in this build: it needs Node 20.19 or newer and the npm registry.";
            return;
        }

        Owner = Client(await File.ReadAllTextAsync(Path.Combine(parley.Data, "owner.secret")));
        await SeedAsync();
        Assertions.SetDefaultExpectTimeout((float)Waiting.Patience.TotalMilliseconds);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = Flags });
        var context = await Browser.NewContextAsync();
        await SignInAsync(await context.NewPageAsync());
        session = await context.StorageStateAsync();
        await context.CloseAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.CloseAsync();
        }

        playwright?.Dispose();
        foreach (var client in new[] { Owner, Nova, Atlas })
        {
            client?.Dispose();
        }

        await parley.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Skips the test where there is no browser or no console.</summary>
    public void Require() => Assert.SkipWhen(missing is not null, missing ?? "");

    /// <summary>A page of a browser of its own, signed in.</summary>
    public async Task<IPage> PageAsync(string path = "/", BrowserNewContextOptions? options = null, string? script = null)
    {
        Require();
        options ??= new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1360, Height = 900 } };
        options.StorageState = session;
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Waiting.Patience.TotalMilliseconds);
        if (script is not null)
        {
            await context.AddInitScriptAsync(script);
        }

        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(Address, path).ToString());
        return page;
    }

    /// <summary>Opens the link that <c>parley console</c> prints.</summary>
    public async Task<string> SignInAsync(IPage page)
    {
        var link = (await parley.DoAsync("console", "--json")).Json.GetProperty("url").GetString()!;
        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Command center" }).WaitForAsync();
        return link;
    }

    public async Task StartAsync()
    {
        server = parley.Follow(["up", "--listen", $"127.0.0.1:{port}", .. arguments]);
        await ParleyProgram.LineAsync(server, line => line.StartsWith("Ctrl+C", StringComparison.Ordinal));
    }

    public async Task StopAsync()
    {
        await ParleyProgram.InterruptAsync(server!);
        await server!.WaitForExitAsync();
    }

    public async Task<ParleyClient> AgentAsync(string name, string description)
    {
        await Owner.Agents.AddAsync(new AddAgentRequest(name, "coder", description, "default"));
        var token = await Owner.Tokens.IssueAsync(new IssueTokenRequest(name));
        return Client(token.Secret);
    }

    private async Task SeedAsync()
    {
        Nova = await AgentAsync("nova", "Writes the web client");
        Atlas = await AgentAsync("atlas", "Keeps the infrastructure running");
        (await AgentAsync("quill", "Documents everything")).Dispose();
        await Owner.Agents.AddAsync(new AddAgentRequest("echo", Description: "Says what it hears"));
        var persona = Directory.CreateDirectory(Path.Combine(parley.Folder, "echo")).FullName;
        await File.WriteAllTextAsync(Path.Combine(persona, "AGENTS.md"), "# Who you are\n\nYou repeat what you hear, and nothing else.\n");
        await File.WriteAllTextAsync(Path.Combine(persona, "SOUL.md"), "Calm, and never in a hurry.\n");
        await Owner.Hosting.HostAsync("echo", new HostRequest("demo/echo", Persona: persona));
        foreach (var name in new[] { "ceo", "cto", "cfo" })
        {
            await Owner.Agents.AddAsync(new AddAgentRequest(name));
            await Owner.Hosting.HostAsync(name, new HostRequest($"demo/{name}"));
        }

        await Owner.Links.CreateAsync(new CreateLinkRequest("nova", "atlas"));
        await Owner.Links.CreateAsync(new CreateLinkRequest("atlas", "quill", new LinkSettingsPatch(Hold: true)));
        await Nova.Messages.SendAsync(new SendRequest { To = "#general", Type = "status", Content = "Build 41 is **green**. See [the report](https://reports.example.org/41)." });
        await Nova.Messages.SendAsync(new SendRequest { To = "atlas", Type = "request", Content = "Can you roll it out?", ReplyBy = TimeProvider.System.GetUtcNow().AddHours(2) });
        await Atlas.Messages.SendAsync(new SendRequest { To = "quill", Type = "coordination", Content = "I will drop the old database tonight." });
        await Owner.Messages.SendAsync(new SendRequest { To = "echo", Content = "Say something." });
        await Owner.Meetings.StartAsync(new StartMeetingRequest(["ceo", "cto", "cfo"], Topic: "The launch", Name: "launch"));
        await Owner.Schedules.AddAsync(new AddScheduleRequest("echo", "Look at the news", "morning", Cron: "0 7 * * *"));
        await Owner.Sessions.SpawnAsync(new SpawnRequest("echo", "Design the API", Label: "api"));
    }

    private ParleyClient Client(string token) => new(new ParleyClientOptions { Server = Address, Token = token.Trim() });
}
