using Parley.Bench.Processes;
using Parley.Bench.Systems.Postgres;

namespace Parley.Bench.Systems.Parley;

/// <summary>Parley as it is started by default, or on a PostgreSQL of its own.</summary>
sealed class ParleySystem(string name, ParleyProgram program, Func<string, CancellationToken, Task<IParleyDatabase>> openDatabase) : ISystem
{
    const string DataFolder = "parley";

    public string Name => name;

    public static ParleySystem OnSqlite(string name, ParleyProgram program) =>
        new(name, program, (folder, _) => Task.FromResult<IParleyDatabase>(new SqliteDatabase(System.IO.Path.Combine(folder, DataFolder))));

    public static ParleySystem OnPostgres(string name, ParleyProgram program, bool install) =>
        new(name, program, async (folder, cancellation) => new PostgresDatabase(await PostgresCluster.StartAsync(folder, install, cancellation)));

    public async Task<IServer> StartAsync(string folder, CancellationToken cancellation) => await ServeAsync(folder, cancellation);

    /// <summary>Starts the server on a folder, which may hold data already.</summary>
    public async Task<ParleyServer> ServeAsync(string folder, CancellationToken cancellation)
    {
        await program.BuildAsync(cancellation);
        var database = await openDatabase(folder, cancellation);
        var port = ServerProcess.FreePort();
        var data = System.IO.Path.Combine(folder, DataFolder);
        var process = program.Serve(data, port, database.ServeOptions);
        var server = new ParleyServer(process, port, data, database);
        try
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            await process.WaitUntilReadyAsync(async token => (await http.GetAsync("/health/ready", token)).EnsureSuccessStatusCode(), cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
