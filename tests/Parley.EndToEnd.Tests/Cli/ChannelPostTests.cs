using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary>A post to a channel takes what a send takes.</summary>
public sealed class ChannelPostTests
{
    [Fact]
    public async Task A_post_has_a_type_a_key_and_what_it_answers_and_reads_standard_input()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "add", "aaron");
        var asked = (await parley.DoAsync("channel", "post", "general", "Who reviews?", "--as", "tesla", "--type", "request", "--key", "q-1", "--json")).Json;
        var again = (await parley.DoAsync("channel", "post", "general", "Who reviews?", "--as", "tesla", "--type", "request", "--key", "q-1", "--json")).Json;
        again.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        var id = asked.GetProperty("message_id").GetString()!;
        again.GetProperty("message_id").GetString().ShouldBe(id);

        var piped = await parley.RunAsync(["channel", "post", "#general", "-", "--as", "aaron", "--reply-to", id], input: "I do,\nthis afternoon.\n");
        piped.ExitCode.ShouldBe(0, piped.Errors);
        var messages = (await parley.DoAsync("channel", "history", "general", "--json")).Json.GetProperty("items").EnumerateArray().OrderBy(message => message.GetProperty("number").GetInt64()).ToList();
        messages.Select(message => message.GetProperty("type").GetString()).ShouldBe(["request", "chat"]);
        messages[1].GetProperty("content").GetString().ShouldBe("I do,\nthis afternoon.");
        messages[1].GetProperty("reply_to").GetString().ShouldBe(id);
    }
}
