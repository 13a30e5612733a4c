using System.Diagnostics;

namespace Parley.Tests.Support;

/// <summary>A script under <c>tests/scripts</c> that holds something up for a test and takes words for it; it takes everything down when its standard input closes, however the test ends.</summary>
public sealed class TestScript : IAsyncDisposable
{
    private readonly Process process;

    private TestScript(Process process) => this.process = process;

    public static TestScript Start(string name, params IEnumerable<string> arguments) => new(Process.Start(
        new ProcessStartInfo("bash", [Repository.PathOf($"tests/scripts/{name}"), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!);

    /// <summary>Its next line; null where it has ended.</summary>
    public Task<string?> LineAsync() => process.StandardOutput.ReadLineAsync();

    /// <summary>What it says of its end.</summary>
    public async Task<string> ComplaintAsync() => (await process.StandardError.ReadToEndAsync()).Trim();

    /// <summary>Returns when it has done what the word asks for.</summary>
    public async Task TellAsync(string word)
    {
        await process.StandardInput.WriteLineAsync(word);
        await process.StandardInput.FlushAsync();
        (await LineAsync()).ShouldBe("done");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
