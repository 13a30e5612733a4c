using Parley.Client;
using Parley.Core;

namespace Parley.Cli.Shell;

/// <summary>What the process answers to its caller; documented in docs/errors.md.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failure = 1;
    public const int WrongInput = 2;
    public const int NotFound = 3;
    public const int NotAllowed = 4;
    public const int TryLater = 5;
    public const int Conflict = 6;
    public const int NoServer = 7;
    public const int Interrupted = 130;

    public static int Of(ParleyException error) => error.Code == ParleyException.Unreachable ? NoServer : ErrorCode.Find(error.Code).ExitCode;
}
