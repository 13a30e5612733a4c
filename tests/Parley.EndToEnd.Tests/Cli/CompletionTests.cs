using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary>Completion in shells, and help.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    public async Task The_script_is_valid(string shell)
    {
        Assert.SkipWhen(Command.Find(shell) is null, $"There is no {shell} here.");
        await using var parley = new ParleyProgram();
        var file = Path.Combine(parley.Folder, "completion");
        await File.WriteAllTextAsync(file, (await parley.DoAsync("completion", shell)).Output, TestContext.Current.CancellationToken);
        await Command.RunAsync(shell, "-n", file);
    }

    [Fact]
    public async Task Commands_options_values_and_names_are_completed()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        (await parley.DoAsync("complete", "--", "age")).Output.ShouldBe("agent\n");
        (await parley.DoAsync("complete", "--", "send", "aaron", "--ty")).Output.ShouldBe("--type\n");
        (await parley.DoAsync("complete", "--", "send", "aaron", "--type", "dis")).Output.ShouldBe("discovery\n");
        (await parley.DoAsync("complete", "--", "inbox", "--as", "te")).Output.ShouldBe("tesla\n");
    }

    [Fact]
    public async Task Help_has_examples()
    {
        await using var parley = new ParleyProgram();
        var help = (await parley.DoAsync("link", "--help")).Output;
        help.ShouldContain("Examples:");
        help.ShouldContain("parley link tesla aaron --quota 30 --window 6h");
    }
}
