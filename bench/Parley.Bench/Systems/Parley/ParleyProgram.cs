using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Parley;

/// <summary>The product as a user starts it: the launcher of this checkout, which builds when sources have changed.</summary>
sealed record ParleyProgram(string Path)
{
    public static ParleyProgram OfThisCheckout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Parley.slnx")))
            folder = folder.Parent;
        return folder is null
            ? throw new BenchException("This program does not lie in a checkout of Parley: give --parley PATH.")
            : new ParleyProgram(System.IO.Path.Combine(folder.FullName, "parley"));
    }

    /// <summary>Builds what is not built yet, so that a start is a start and nothing else.</summary>
    public Task BuildAsync(CancellationToken cancellation) => new Command(Path, "version").RunAsync(cancellation);

    public ServerProcess Serve(string folder, int port, params string[] options) =>
        ServerProcess.Start(new Command(Path, ["serve", "--data", folder, "--listen", $"127.0.0.1:{port}", .. options]));
}
