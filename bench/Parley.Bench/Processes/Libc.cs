using System.Runtime.InteropServices;

namespace Parley.Bench.Processes;

/// <summary>The one system call .NET does not offer: a polite signal, so that a server can clean up its shared memory.</summary>
static class Libc
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Signal(int processId, int signal);
}
