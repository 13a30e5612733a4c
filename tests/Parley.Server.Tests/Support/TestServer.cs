using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Storage.Migrations;

namespace Parley.Server.Tests.Support;

/// <summary>The real server on a free port of this machine, over a database of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private static int s_nodes;
    private readonly DirectoryInfo folder;
    private readonly Database database;
    private readonly WebApplication app;

    private TestServer(DirectoryInfo folder, Database database, WebApplication app, Uri address, string ownerSecret)
    {
        (this.folder, this.database, this.app, Address, OwnerSecret) = (folder, database, app, address, ownerSecret);
        Owner = Client(ownerSecret);
    }

    public Uri Address { get; }

    public string OwnerSecret { get; }

    /// <summary>The owner of the organization.</summary>
    public HttpClient Owner { get; }

    public IServiceProvider Services => app.Services;

    internal Database Database => database;

    public static Task<TestServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null, Action<IServiceCollection>? configure = null) =>
        StartAsync(folder => new StorageOptions { SqlitePath = Path.Combine(folder.FullName, "parley.db"), Relaxed = true }, TimeProvider.System, configure, change);

    /// <summary>One of several nodes on a PostgreSQL database.</summary>
    public static Task<TestServer> StartNodeAsync(
        string connectionString, TimeProvider time, Action<IServiceCollection>? configure, Func<ServerOptions, ServerOptions>? change = null) => StartAsync(
        _ => new StorageOptions { PostgresConnectionString = connectionString }, time, configure, options => Named(change?.Invoke(options) ?? options));

    /// <summary>A node on a PostgreSQL database whose program knows those migrations.</summary>
    internal static Task<TestServer> StartVersionAsync(string connectionString, Func<Dialect, IReadOnlyList<Migration>> migrations) => StartAsync(
        _ => new StorageOptions { PostgresConnectionString = connectionString }, TimeProvider.System, configure: null, Named, migrations);

    private static ServerOptions Named(ServerOptions options) => options with { NodeName = $"node{Interlocked.Increment(ref s_nodes)}" };

    private static async Task<TestServer> StartAsync(
        Func<DirectoryInfo, StorageOptions> storage, TimeProvider time, Action<IServiceCollection>? configure, Func<ServerOptions, ServerOptions>? change,
        Func<Dialect, IReadOnlyList<Migration>>? migrations = null)
    {
        var folder = Directory.CreateTempSubdirectory("parley-test-");
        var database = await Database.OpenAsync(storage(folder), migrations ?? Migration.Embedded, time, CancellationToken.None);
        var options = new ServerOptions { Listen = ["127.0.0.1:0"], LogToConsole = Environment.GetEnvironmentVariable("PARLEY_TEST_LOG") is not null };
        var app = ParleyServer.Build(change?.Invoke(options) ?? options, database, time, configure);
        var (_, owner) = await app.Services.GetRequiredService<Bootstrap>().RunAsync(CancellationToken.None);
        var secret = TokenSecret.Create(TokenSecret.UserPrefix);
        await app.Services.GetRequiredService<RegisterSecret>().RunAsync(owner.Id, secret, CancellationToken.None);
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return new TestServer(folder, database, app, address, secret);
    }

    /// <summary>A client with a token, or without one.</summary>
    public HttpClient Client(string? secret)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (secret is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return client;
    }

    /// <summary>Adds an agent to #general with a token of its own.</summary>
    public async Task<TestAgent> AgentAsync(string name)
    {
        using var added = await Owner.PostAsync("/api/v1/agents", new { name, project = "default" });
        var id = added.Required("id").GetGuid();
        using var issued = await Owner.PostAsync("/api/v1/tokens", new { agent = name });
        var secret = issued.Required("secret").GetString()!;
        return new TestAgent(name, id, secret, issued.Required("token").GetProperty("id").GetGuid(), Client(secret));
    }

    /// <summary>Links two agents.</summary>
    public async Task<Guid> LinkAsync(string one, string other, int quota = 500)
    {
        using var link = await Owner.PostAsync("/api/v1/links", new { agent = one, peer = other, settings = new { messages_per_window = quota } });
        return link.Required("id").GetGuid();
    }

    /// <summary>Opens a socket of the default project as the founding document describes it.</summary>
    public Task<TestSocket> ConnectAsync(TestAgent agent, string? query = null, params string[] protocols) =>
        TestSocket.OpenAsync(new Uri($"ws://{Address.Authority}/ws/agent/messages/default?agent_id={agent.Name}{query}"), agent.Secret, protocols);

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await app.DisposeAsync();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

/// <summary>An agent of a test.</summary>
public sealed record TestAgent(string Name, Guid Id, string Secret, Guid TokenId, HttpClient Http);
