using Parley.Cli.Config;
using Parley.Cli.Shell;
using Parley.Core.Organizations;
using Parley.Storage;

namespace Parley.Cli.Serve;

/// <summary>What has to be there before the server starts: the folder, the database, the owner's secret.</summary>
internal static class Preparation
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(700);

    /// <summary>Creates the folder; one that holds only what is Parley's is closed to others.</summary>
    public static void Folder(DataFolder folder, Screen screen)
    {
        folder.Create();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (File.Exists(folder.OwnerSecret) || Directory.EnumerateFileSystemEntries(folder.Path).All(IsOurs))
        {
            File.SetUnixFileMode(folder.Path, DataFolder.FolderMode);
        }
        else if ((File.GetUnixFileMode(folder.Path) & ~DataFolder.FolderMode) != 0)
        {
            screen.Note($"note: others have rights to {folder.Path}, which holds other files too; a folder of its own is safer.");
        }
    }

    private static bool IsOurs(string path) => Path.GetFileName(path) is ConfigPlace.Name or ConfigSchema.Name;

    public static async Task<Database> OpenAsync(DataFolder folder, ServeOptions options, Screen screen, TimeProvider time, CancellationToken cancellation)
    {
        var storage = new StorageOptions
        {
            SqlitePath = options.Database is null ? folder.Database : null,
            PostgresConnectionString = options.Database,
            Relaxed = options.Relaxed,
        };
        var opening = Database.OpenAsync(storage, time, cancellation);
        await Task.WhenAny(opening, Task.Delay(Soon, time, cancellation)).ConfigureAwait(false);
        if (!opening.IsCompleted)
        {
            screen.Note("Opening the database and bringing its schema up to date…");
        }

        return await opening.ConfigureAwait(false);
    }

    /// <summary>Creates the first organization, which is returned, and its owner, and the secret by which the command line on this machine is the owner.</summary>
    public static async Task<Guid> OwnerAsync(DataFolder folder, Database database, TimeProvider time, CancellationToken cancellation)
    {
        var (organization, owner) = await new Bootstrap(database, time).RunAsync(cancellation).ConfigureAwait(false);
        if (folder.ReadOwnerSecret() is not { } secret)
        {
            secret = TokenSecret.Create(TokenSecret.UserPrefix);
            DataFolder.WriteSecret(folder.OwnerSecret, secret);
        }
        else if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.OwnerSecret, DataFolder.SecretMode);
        }

        await new RegisterSecret(database, time).RunAsync(owner.Id, secret, cancellation).ConfigureAwait(false);
        return organization.Id;
    }
}
