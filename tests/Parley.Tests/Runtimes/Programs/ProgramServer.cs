using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Runtimes;
using Parley.Server;
using Parley.Storage;

namespace Parley.Tests.Runtimes.Programs;

/// <summary>The real server with the real runtimes, whose agents are shell scripts and the small ACP agent.</summary>
internal sealed class ProgramServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = Waiting.Patience;

    /// <summary>What a script begins with that calls Parley: <c>post PATH BODY</c>.</summary>
    public const string Calls =
        """
        post() { curl -s -X POST -H "Authorization: Bearer $PARLEY_TOKEN" -H 'Content-Type: application/json' -d "$2" "$PARLEY_URL$1"; echo; }
        tool() { curl -s -X POST -H "Authorization: Bearer $PARLEY_TOKEN" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"$1\",\"arguments\":$2}}" "$PARLEY_URL/mcp"; }

        """;

    private readonly TempFolder _folder;
    private readonly Database _database;
    private readonly WebApplication _app;

    private ProgramServer(TempFolder folder, Database database, WebApplication app, Uri address, string secret) =>
        (_folder, _database, _app, Address, Owner) = (folder, database, app, address, new ParleyClient(address, secret));

    public Uri Address { get; }

    public ParleyClient Owner { get; }

    public Database Database => _database;

    public IServiceProvider Services => _app.Services;

    public string this[string name] => _folder[name];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<ProgramServer> StartAsync()
    {
        var folder = new TempFolder();
        var database = await Database.OpenAsync(new StorageOptions { SqlitePath = folder["parley.db"], Relaxed = true }, TimeProvider.System, Ct);
        var app = ParleyServer.Build(new ServerOptions { Listen = ["127.0.0.1:0"] }, database, TimeProvider.System, services =>
        {
            services.AddRuntimes(new RuntimeOptions { DataFolder = folder["data"] });
            services.AddSingleton<ISessionPolicy>(new Everyone());
        });
        var (_, owner) = await app.Services.GetRequiredService<Bootstrap>().RunAsync(Ct);
        var secret = TokenSecret.Create(TokenSecret.UserPrefix);
        await app.Services.GetRequiredService<RegisterSecret>().RunAsync(owner.Id, secret, Ct);
        await app.StartAsync(Ct);
        return new ProgramServer(folder, database, app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), secret);
    }

    /// <summary>Adds an agent that is a shell script; it runs in the server's folder.</summary>
    public async Task<HostingView> CommandAsync(string name, string body, string? format = null, double? limit = null)
    {
        var file = _folder[name + ".sh"];
        File.WriteAllText(file, "#!/bin/sh\n" + Calls + body + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await AddAsync(name);
        return await Owner.Hosting.HostAsync(
            name, new HostRequest(Runtime: "command", TimeLimit: limit, Program: new ProgramView("custom", [file], _folder.Path, Format: format)), Ct);
    }

    /// <summary>Adds an agent that is the small ACP agent.</summary>
    public async Task<HostingView> AcpAsync(string name, string mode, string? permissions = null)
    {
        await AddAsync(name);
        return await Owner.Hosting.HostAsync(
            name, new HostRequest(Runtime: "acp", Program: new ProgramView("custom", [ProgramRig.AcpAgent, mode], _folder.Path, Permissions: permissions)), Ct);
    }

    public Task<AgentView> AddAsync(string name) => Owner.Agents.AddAsync(new AddAgentRequest(name, Project: "default"), Ct);

    /// <summary>A client with a token of the agent's own.</summary>
    public async Task<ParleyClient> AsAsync(string agent) => new(Address, (await Owner.Tokens.IssueAsync(new IssueTokenRequest(agent), Ct)).Secret);

    public Task LinkAsync(string one, string other, int? quota = null) => Owner.Links.CreateAsync(new CreateLinkRequest(one, other, new LinkSettingsPatch(MessagesPerWindow: quota ?? 500, DebounceSeconds: 0)), Ct);

    /// <summary>The owner says something to an agent.</summary>
    public Task<SendResponse> SayAsync(string to, string text = "Hello") => Owner.Messages.SendAsync(new SendRequest { To = to, Content = text }, Ct);

    /// <summary>The chain that a message began, once it is as wanted.</summary>
    public async Task<RootTreeView> UntilAsync(Guid root, Predicate<RootTreeView> done)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        RootTreeView? last = null;
        try
        {
            while (true)
            {
                try
                {
                    if (done(last = await Owner.Hosting.ReadRootAsync(root, limit.Token)))
                    {
                        return last;
                    }
                }
                catch (ParleyException refusal) when (refusal.Code == "not_found")
                {
                    // It has not begun.
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The chain has not come that far: {System.Text.Json.JsonSerializer.Serialize(last)}");
        }
    }

    public Task<RootTreeView> EndedAsync(Guid root, int turns = 1) =>
        UntilAsync(root, tree => tree.Turns.Count >= turns && tree.Turns.All(turn => turn.State is not "running"));

    /// <summary>All that was said anywhere, by number of their time.</summary>
    public async Task<List<MessageView>> SaidAsync() => [.. (await Owner.Messages.ListAsync(new Client.Http.MessageFilter { Limit = 100 }, Ct)).Items.OrderBy(message => message.CreatedAt).ThenBy(message => message.Number)];

    /// <summary>Waits until a program has written a file, and returns what is in it.</summary>
    public async Task<string> WrittenAsync(string name)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        while (!File.Exists(_folder[name]) || File.ReadAllText(_folder[name]).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }

        return File.ReadAllText(_folder[name]).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Everybody may spawn everybody.</summary>
    private sealed class Everyone : ISessionPolicy
    {
        public SessionPolicy Current { get; } = new() { Defaults = new AgentSessionPolicy { AllowAgents = ["*"] } };
    }
}
