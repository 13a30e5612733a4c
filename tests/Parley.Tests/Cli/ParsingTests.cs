using Parley.Cli;
using Parley.Cli.Shell;
using Parley.Client;

namespace Parley.Tests.Cli;

/// <summary>How arguments and standard input are read.</summary>
public sealed class ParsingTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("6h", 21600)]
    [InlineData("2d", 172800)]
    [InlineData("1.5h", 5400)]
    [InlineData("7", 7)]
    public void A_length_of_time_has_a_unit_or_takes_the_option_s(string text, double seconds)
    {
        Durations.TryParse(text, TimeSpan.FromSeconds(1), out var span).ShouldBeTrue();
        span.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("4x")]
    [InlineData("1e9d")]
    public void What_is_no_length_of_time_is_refused(string text) => Durations.TryParse(text, TimeSpan.FromSeconds(1), out _).ShouldBeFalse();

    [Theory]
    [InlineData("send", "link")]
    [InlineData("agent", "add", "tesla", "--description", "x")]
    [InlineData("link", "tesla", "aaron", "--hold", "off", "--window", "6h")]
    [InlineData("link", "edit", "tesla", "aaron", "--strict")]
    [InlineData("send", "aaron", "@file", "--mention", "a", "--mention", "b")]
    [InlineData("send", "aaron", "- a list", "--as", "tesla")]
    [InlineData("halt", "link", "tesla", "aaron", "--reason", "x")]
    [InlineData("up", "--listen", "127.0.0.1:1", "--listen", "[::1]:1", "--relaxed")]
    public void A_valid_line_parses(params string[] arguments) => CommandTable.Parse(arguments).Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("link", "tesla", "aaron", "--hold", "maybe")]
    [InlineData("status", "not-an-id")]
    [InlineData("halt", "everything")]
    [InlineData("reject", "1")]
    [InlineData("send", "aaron", "x", "--tpye", "chat")]
    public void A_wrong_line_does_not_parse(params string[] arguments) => CommandTable.Parse(arguments).Errors.ShouldNotBeEmpty();

    [Fact]
    public void Every_command_has_a_description_and_examples()
    {
        var root = CommandTable.Parse([], all: true).RootCommandResult.Command;
        foreach (var command in Below(root))
        {
            command.Description.ShouldNotBeNullOrEmpty(command.Name);
            command.ShouldBeOfType<ParleyCommand>().Examples.ShouldNotBeEmpty(command.Name);
            command.Options.ShouldAllBe(option => !string.IsNullOrEmpty(option.Description), command.Name);
        }
    }

    [Fact]
    public async Task Text_from_standard_input_loses_one_line_end()
    {
        (await ReadAsync("one\ntwo\n\n"u8.ToArray())).ShouldBe("one\ntwo\n");
        (await ReadAsync("one\r\n"u8.ToArray())).ShouldBe("one");
    }

    [Fact]
    public async Task Text_that_is_not_utf_8_or_too_long_is_refused()
    {
        (await Should.ThrowAsync<ParleyException>(() => ReadAsync([0x66, 0xFF]))).Code.ShouldBe("invalid_request");
        (await Should.ThrowAsync<ParleyException>(() => ReadAsync(new byte[70_000]))).Code.ShouldBe("too_large");
    }

    [Fact]
    public void A_dead_letter_is_named_by_its_delivery_or_by_message_and_agent()
    {
        var id = Guid.Parse("0198c0de-0000-7000-8000-000000000001");
        DeadCommand.Parse($"{id}:aaron", null).ShouldBe((id, "aaron"));
        DeadCommand.Parse(id.ToString(), "@aaron").ShouldBe((id, "aaron"));
        Should.Throw<ParleyException>(() => DeadCommand.Parse(id.ToString(), null));
    }

    [Theory]
    [InlineData("lnk", "link", 1)]
    [InlineData("histroy", "history", 2)]
    [InlineData("", "abc", 3)]
    public void Distance_counts_the_changes(string left, string right, int changes) => ParseFailure.Distance(left, right).ShouldBe(changes);

    private static Task<string> ReadAsync(byte[] bytes) => TextInput.ReadAsync(new MemoryStream(bytes), CancellationToken.None);

    private static IEnumerable<System.CommandLine.Command> Below(System.CommandLine.Command command) =>
        command.Subcommands.SelectMany(child => Below(child).Prepend(child));
}
