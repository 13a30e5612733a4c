using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary>What a mistake is answered with: an exit code, a sentence, a fix.</summary>
public sealed class WrongInputTests
{
    [Theory]
    [InlineData(2, "Did you mean 'parley link'?", "lnk", "a", "b")]
    [InlineData(2, "parley send --help", "send")]
    [InlineData(2, "90s, 15m, 6h or 2d", "send", "aaron", "x", "--ttl", "4x")]
    [InlineData(4, "parley up", "send", "aaron", "x", "--as", "tesla")]
    [InlineData(4, "parley up", "agent", "list")]
    [InlineData(2, "--as AGENT", "inbox")]
    [InlineData(2, "parley inbox --help", "inbox", "--folow")]
    [InlineData(2, "--turns: 10001 is not a whole number from 1 to 10000", "up", "--listen", "127.0.0.1:0", "--turns", "10001")]
    [InlineData(2, "http://127.0.0.1:7275", "agent", "list", "--url", "somewhere")]
    public async Task Without_a_server(int exitCode, string help, params string[] arguments)
    {
        await using var parley = new ParleyProgram();
        var ran = await parley.RunAsync(arguments);
        ran.ExitCode.ShouldBe(exitCode);
        ran.Output.ShouldBeEmpty();
        ran.Errors.ShouldStartWith("error: ");
        ran.Errors.ShouldContain("\nfix: ");
        ran.Errors.ShouldContain(help);
    }

    [Fact]
    public async Task With_a_server()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "add", "aaron");
        await Refused(parley, 6, "agent", "add", "tesla");
        await Refused(parley, 2, "agent", "add", "not a name");
        await Refused(parley, 3, "send", "nobody", "x", "--as", "tesla");
        await Refused(parley, 4, "send", "aaron", "x", "--as", "tesla");
        await Refused(parley, 3, "status", Guid.NewGuid().ToString());
        await Refused(parley, 2, "link", "tesla", "aaron", "--quota", "501");
        await Refused(parley, 2, "restore", Path.Combine(parley.Data, "owner.secret"));
        (await parley.RunAsync(["inbox", "--as", "tesla", "--json"])).Json.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private static async Task Refused(ParleyProgram parley, int exitCode, params string[] arguments)
    {
        var ran = await parley.RunAsync(arguments);
        ran.ExitCode.ShouldBe(exitCode, $"{string.Join(' ', arguments)}: {ran.Errors}");
        ran.Errors.ShouldStartWith("error: ");
    }
}
