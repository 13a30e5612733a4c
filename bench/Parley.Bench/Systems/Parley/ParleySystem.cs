using Parley.Bench.Processes;
using Parley.Bench.Systems.Postgres;

namespace Parley.Bench.Systems.Parley;

/// <summary>Parley as it is started by default, or on a PostgreSQL of its own.</summary>
sealed class ParleySystem(string name, ParleyProgram program, Func<string, CancellationToken, Task<IParleyDatabase>> openDatabase) : ISystem
{
    public string Name => name;

    public static ParleySystem OnSqlite(string name, ParleyProgram program) =>
        new(name, program, (folder, _) => Task.FromResult<IParleyDatabase>(new SqliteDatabase(DataOf(folder))));

    public static ParleySystem OnPostgres(string name, ParleyProgram program, bool install) =>
        new(name, program, async (folder, cancellation) => new PostgresDatabase(await PostgresCluster.StartAsync(folder, install, cancellation)));

    /// <summary>Where the server keeps its data when it was started on a folder.</summary>
    public static string DataOf(string folder) => Path.Combine(folder, "parley");

    public async Task<IServer> StartAsync(string folder, CancellationToken cancellation)
    {
        await program.BuildAsync(cancellation);
        return await ServeAsync(folder, cancellation);
    }

    /// <summary>Starts the server, which is built, on a folder that may hold data already.</summary>
    public async Task<ParleyServer> ServeAsync(string folder, CancellationToken cancellation)
    {
        var database = await openDatabase(folder, cancellation);
        var port = ServerProcess.FreePort();
        var data = DataOf(folder);
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
