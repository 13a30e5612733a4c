using Parley.Cli.Shell;

namespace Parley.Tests.Cli;

public sealed class CommandNameTests
{
    [Theory]
    [InlineData("Start one with 'parley up', or name another.", "Start one with './parley up', or name another.")]
    [InlineData("parley ack 1 --as aaron", "./parley ack 1 --as aaron")]
    [InlineData("  parley [command] [options]", "  ./parley [command] [options]")]
    [InlineData("git diff | parley send aaron; source <(parley completion bash)", "git diff | ./parley send aaron; source <(./parley completion bash)")]
    [InlineData("See 'parley --help'.", "See './parley --help'.")]
    [InlineData("'parley halts' lists it, 'parley resume' ends it.", "'./parley halts' lists it, './parley resume' ends it.")]
    public void A_command_is_called_as_the_user_called_this_one(string sentence, string said) => CommandName.In(sentence, "./parley").ShouldBe(said);

    [Theory]
    [InlineData("the 'list' commands of parley show what you can reach")]
    [InlineData("Use a database for parley alone: parley-up, parley_default_tesla, parley.backup")]
    [InlineData("/opt/parley up and ./parley up")]
    [InlineData("Give it to @parley send")]
    public void What_is_no_call_of_the_program_stays(string sentence) => CommandName.In(sentence, "./other").ShouldBe(sentence);

    [Theory]
    [InlineData(null, "parley")]
    [InlineData(" ", "parley")]
    [InlineData("./parley", "./parley")]
    [InlineData("./par\u001b[31mley", "./par\\x1b[31mley")]
    public void Without_a_launcher_the_name_is_the_usual_one(string? variable, string name) => CommandName.From(variable).ShouldBe(name);

    [Fact]
    public void Every_command_is_known_by_name() =>
        CommandTable.Parse([], all: true).RootCommandResult.Command.Subcommands.Select(command => CommandName.In($"parley {command.Name}", "p")).ShouldAllBe(said => said.StartsWith("p "));
}
