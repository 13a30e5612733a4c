using System.Net.Sockets;
using Parley.Cli.Config;
using Parley.Cli.Shell;

namespace Parley.Cli.Serve;

/// <summary>A server for as long as a command runs, where none runs on the data folder.</summary>
internal static class EmbeddedServer
{
    /// <summary>Returns null where the command's server runs already or is another machine's; else starts one that the invocation then uses.</summary>
    public static async Task<LocalServer?> EnsureAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.NamesServer || await AnswersAsync(invocation.Credentials.Server, invocation.Folder, cancellation).ConfigureAwait(false))
        {
            return null;
        }

        invocation.Screen.Note($"No server runs on {invocation.Folder.Path}: starting one for this meeting.");
        var config = ConfigRefusal.Require(LoadedConfig.Read(ConfigPlace.Find(null, invocation.Folder, Given.Option("server.listen", "--listen", "127.0.0.1:0"))));
        var server = await LocalServer.StartAsync(invocation.Folder, config, config.Server with { Quiet = true }, invocation.Screen, cancellation).ConfigureAwait(false);
        invocation.Use(server.Url);
        return server;
    }

    /// <summary>A server that was killed leaves its address behind; one that answers there is asked by the command itself.</summary>
    private static async Task<bool> AnswersAsync(Uri server, DataFolder folder, CancellationToken cancellation)
    {
        if (folder.ReadServer() is null)
        {
            return false;
        }

        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(server.Host, server.Port, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
