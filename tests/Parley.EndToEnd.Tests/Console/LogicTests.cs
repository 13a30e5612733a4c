using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>The console's own tests of its logic, which need no browser.</summary>
public sealed class LogicTests
{
    [Fact]
    public async Task The_tests_of_the_console_pass()
    {
        Assert.SkipUnless(File.Exists(Repository.PathOf("console/node_modules/.bin/vitest")), "The console's packages are not installed: it needs Node 20.19 or newer and the npm registry.");
        var (code, output) = await Command.TryAsync("bash", "-c", $"cd '{Repository.PathOf("console")}' && NO_COLOR=1 npx vitest run 2>&1");
        code.ShouldBe(0, output);
        output.ShouldContain(" passed");
    }
}
