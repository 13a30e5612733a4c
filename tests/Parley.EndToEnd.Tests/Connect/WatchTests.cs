using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Connect;

public sealed class WatchTests
{
    [Fact]
    public async Task A_program_that_is_woken_line_by_line_misses_nothing_between_two_runs()
    {
        await using var parley = await StartAsync();
        await SendAsync(parley, "one");
        var first = (await parley.DoAsync("watch", "--as", "tesla", "--once")).Output.TrimEnd('\n').Split('\t');
        (first[0], first[3], first[6]).ShouldBe(("1", "aaron", "one"));
        await SendAsync(parley, "two\nand more");
        await SendAsync(parley, "three");
        var second = (await parley.DoAsync("watch", "--as", "tesla", "--once", "--after", first[0])).Output.TrimEnd('\n').Split('\t');
        (second[0], second[6]).ShouldBe(("2", "two\\nand more"));
        (await parley.DoAsync("watch", "--as", "tesla", "--once", "--json", "--after", second[0])).Json.GetProperty("content").GetString().ShouldBe("three");
        (await parley.RunAsync(["watch", "--as", "tesla", "--after", "3", "--timeout", "1s"])).ExitCode.ShouldBe(5);
    }

    [Fact]
    public async Task A_line_is_short_however_long_the_message_is()
    {
        await using var parley = await StartAsync();
        await SendAsync(parley, new string('x', 20_000));
        var line = (await parley.DoAsync("watch", "--as", "tesla", "--once")).Output;
        line.Length.ShouldBeLessThan(400);
        line.ShouldContain("xxx…");
        (await parley.DoAsync("watch", "--as", "tesla", "--once", "--json")).Json.GetProperty("content").GetString()!.Length.ShouldBe(20_000);
    }

    [Fact]
    public async Task A_command_that_fails_leaves_the_message_and_one_that_works_acknowledges_it()
    {
        await using var parley = await StartAsync();
        await SendAsync(parley, "work");
        (await parley.RunAsync(["watch", "--as", "tesla", "--exec", "exit 3"])).ExitCode.ShouldBe(1);
        (await parley.DoAsync("watch", "--as", "tesla", "--once", "--exec", "cat; echo; echo $PARLEY_MESSAGE_FROM")).Output.ShouldContain("\"content\":\"work\"");
        (await parley.DoAsync("inbox", "--as", "tesla", "--json")).Json.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private static async Task<ParleyProgram> StartAsync()
    {
        var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "add", "aaron");
        await parley.DoAsync("link", "tesla", "aaron");
        return parley;
    }

    private static Task<Ran> SendAsync(ParleyProgram parley, string text) => parley.DoAsync("send", "tesla", text, "--as", "aaron");
}
