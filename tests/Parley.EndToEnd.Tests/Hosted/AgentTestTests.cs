using System.Text;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Hosted;

/// <summary>What <c>parley agent test</c> shows, and when.</summary>
public sealed class AgentTestTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private FakeModels? models;
    private ParleyProgram? parley;

    private FakeModels Models => models!;

    private ParleyProgram Parley => parley!;

    public async ValueTask InitializeAsync()
    {
        models = await FakeModels.StartAsync();
        parley = new ParleyProgram(models.OpenAiUrl);
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "host", "tesla", "--model", "local/small");
    }

    public async ValueTask DisposeAsync()
    {
        await Parley.DisposeAsync();
        await Models.DisposeAsync();
    }

    [Fact]
    public async Task The_answer_is_shown_as_it_comes()
    {
        Models.Break(FakeEnd.Stall, "I am still");
        var asking = Parley.Follow("agent", "test", "tesla", "Who are you?");
        var (shown, next) = (new StringBuilder(), new char[1]);
        while (shown.ToString() != "I am still")
        {
            (await asking.StandardOutput.ReadAsync(next, TestContext.Current.CancellationToken).AsTask().Within(Patience)).ShouldBe(1, $"it ended behind '{shown}'");
            shown.Append(next);
        }

        asking.HasExited.ShouldBeFalse("the model is still speaking");
    }

    [Fact]
    public async Task A_whole_answer_ends_its_line_and_is_one_document_as_JSON()
    {
        Models.Answer("I am tesla.");
        var ran = await Parley.DoAsync("agent", "test", "tesla", "Who are you?");
        ran.Output.ShouldBe("I am tesla.\n");
        ran.Errors.ShouldStartWith("local/small: 15 tokens, ");
        Models.Answer("I am tesla.");
        (await Parley.DoAsync("agent", "test", "tesla", "Who are you?", "--json")).Json.GetProperty("text").GetString().ShouldBe("I am tesla.");
    }

    [Fact]
    public async Task A_failure_in_the_middle_stands_on_a_line_of_its_own()
    {
        Models.Break(FakeEnd.Early, "I am still");
        var ran = await Parley.RunAsync(["agent", "test", "tesla", "Who are you?"]);
        ran.ExitCode.ShouldNotBe(0);
        ran.Output.ShouldBe("I am still\n");
        ran.Errors.ShouldStartWith("error: local/small: ");
        ran.Errors.ShouldContain("\nfix: See what is reachable: ");
    }
}
