using System.Diagnostics;
using System.Globalization;

namespace Parley.Runtimes.Processes;

/// <summary>
/// Ends the programs of this server when the server itself is gone, however it went: a shell that reads what runs from its standard input, which the system closes with the
/// server's last breath.
/// </summary>
internal sealed class ProcessGuard : IDisposable
{
    /// <summary>The variable whose value marks everything that a program of this server starts.</summary>
    public const string Variable = "PARLEY_RUN";

    // Twice, because a program may be between its birth and its own environment when the server dies.
    private const string Script =
        """
        trap '' HUP INT TERM
        l=' '
        while read -r o p; do
          case $o in
            +) l="$l$p " ;;
            -) case $l in *" $p "*) l="${l%% $p *} ${l#* $p }" ;; esac ;;
          esac
        done
        sweep() {
          for e in /proc/[0-9]*/environ; do
            if grep -qs "$1" "$e"; then p=${e#/proc/}; p=${p%/environ}; kill -9 "-$p"; kill -9 "$p"; fi
          done
        }
        for p in $l; do kill -9 "-$p"; kill -9 "$p"; done
        sweep "$1"
        sleep 1
        sweep "$1"
        """;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _running = [];
    private readonly string _server = $"{Variable}={Guid.NewGuid():N}";
    private Process? _shell;
    private bool _disposed;

    /// <summary>The mark of one more program, as it stands in its environment: name, equals sign, value.</summary>
    public string NewMark() => $"{_server}.{Guid.NewGuid():N}";

    /// <summary>Starts the guard where it does not run. Comes before the start of a program.</summary>
    public void Watch()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_shell is { HasExited: false })
            {
                return;
            }

            _shell?.Dispose();
            _shell = Start();
            foreach (var process in _running)
            {
                Tell('+', process);
            }
        }
    }

    public void Begun(int process)
    {
        lock (_gate)
        {
            _running.Add(process);
            Tell('+', process);
        }
    }

    public void Ended(int process)
    {
        lock (_gate)
        {
            _running.Remove(process);
            Tell('-', process);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            if (_shell is { } shell)
            {
                shell.StandardInput.Dispose();
                shell.Dispose();
                _shell = null;
            }
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", Script, "parley-guard", _server])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        var shell = Process.Start(start)!;
        shell.StandardOutput.Dispose();
        shell.StandardError.Dispose();
        return shell;
    }

    private void Tell(char what, int process)
    {
        try
        {
            if (_shell?.StandardInput is { } input)
            {
                input.Write(string.Create(CultureInfo.InvariantCulture, $"{what} {process}\n"));
                input.Flush();
            }
        }
        catch (IOException)
        {
            // The guard was ended by somebody; the next program starts another, and this one's own end does not need it.
        }
    }
}
