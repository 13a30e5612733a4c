namespace Parley.Bench.Processes;

/// <summary>Where a server's program comes from.</summary>
sealed record DebianPackage(string Name, Func<string?> Find)
{
    /// <summary>The path of the installed program; installs the package first when asked to and allowed to.</summary>
    public async Task<string> LocateAsync(bool install, CancellationToken cancellation)
    {
        if (Find() is { } installed)
            return installed;
        if (!install)
            throw new BenchException($"The Debian package {Name} is not installed: install it, pass --install as root, or leave the system out of --systems.");
        if (!Environment.IsPrivilegedProcess)
            throw new BenchException($"The Debian package {Name} is not installed, and only root can install it: run `apt-get install {Name}` as root.");

        await AptGetAsync(["update"], cancellation);
        await AptGetAsync(["install", "--yes", "--no-install-recommends", Name], cancellation);
        return Find() ?? throw new BenchException($"The Debian package {Name} is installed, but its server program was not found.");
    }

    static Task AptGetAsync(string[] arguments, CancellationToken cancellation) =>
        new Command("apt-get", arguments)
        {
            // RUNLEVEL=1 keeps Debian's scripts from starting the service.
            Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive", ["RUNLEVEL"] = "1" },
        }.RunAsync(cancellation);

    public static Func<string?> At(string path) => () => File.Exists(path) ? path : null;
}
