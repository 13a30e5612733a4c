using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Tests.Cli;

/// <summary>What is printed where no person looks.</summary>
public sealed class ScreenTests : IDisposable
{
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void A_table_is_lines_with_tabs()
    {
        new Screen(output, error, json: false).Table(["a\tb", "c"], "nothing", ("NAME", item => item), ("LENGTH", item => Format.Number(item.Length)));
        output.ToString().ShouldBe("a\\tb\t3\nc\t1\n");
    }

    [Fact]
    public void An_empty_table_prints_nothing_but_a_note()
    {
        new Screen(output, error, json: false).Table(Array.Empty<string>(), "There are none.", ("NAME", item => item));
        output.ToString().ShouldBeEmpty();
        error.ToString().ShouldBe("There are none.\n");
    }

    [Fact]
    public void What_is_done_is_a_sentence_or_a_document()
    {
        new Screen(output, error, json: false).Done("Removed tesla.", ("removed", "tesla"));
        new Screen(output, error, json: true).Done("Removed tesla.", ("removed", "tesla"));
        output.ToString().ShouldBe("Removed tesla.\n{\"removed\":\"tesla\"}\n");
    }

    [Theory]
    [InlineData("not_found", 3)]
    [InlineData("not_linked", 4)]
    [InlineData("queue_full", 5)]
    [InlineData("key_reused", 6)]
    [InlineData("unreachable", 7)]
    [InlineData("something_newer", 1)]
    public void An_error_is_a_sentence_a_fix_and_an_exit_code(string code, int exitCode)
    {
        var refusal = new ParleyException(new Problem { Code = code, Title = "It failed.", Fix = "Do this.", RetryAfter = 90 });
        new Screen(output, error, json: false).Error(refusal).ShouldBe(exitCode);
        error.ToString().ShouldBe("error: It failed (try again in 90 s).\nfix: Do this.\n");
        output.ToString().ShouldBeEmpty();
    }
}
