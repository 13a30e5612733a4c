using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary>A new user with two terminals.</summary>
public sealed class FirstConversationTests
{
    [Fact]
    public async Task Two_agents_talk_and_the_receiver_acknowledges()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "add", "aaron");
        (await parley.DoAsync("link", "tesla", "aaron", "--quota", "30", "--window", "6h")).Output.ShouldContain("30 messages in 6 h");

        var follower = parley.Follow("inbox", "--as", "aaron", "--follow", "--json");
        var sent = (await parley.DoAsync("send", "aaron", "@aaron hello", "--as", "tesla", "--json")).Json;
        sent.GetProperty("verdict").GetString().ShouldBe("accepted");
        sent.GetProperty("credits_left").GetInt32().ShouldBe(29);

        var received = JsonSerializer.Deserialize<JsonElement>(await ParleyProgram.LineAsync(follower, line => line.StartsWith('{')));
        received.GetProperty("content").GetString().ShouldBe("@aaron hello");
        received.GetProperty("from").GetString().ShouldBe("tesla");
        await ParleyProgram.InterruptAsync(follower);
        (await ParleyProgram.EndAsync(follower)).ExitCode.ShouldBe(130);

        (await parley.DoAsync("ack", "1", "--as", "aaron", "--json")).Json.GetProperty("acknowledged").GetInt32().ShouldBe(1);
        var status = await parley.DoAsync("status", sent.GetProperty("message_id").GetString()!, "--as", "tesla");
        status.Output.ShouldStartWith("aaron\tacknowledged\t");
        (await parley.DoAsync("inbox", "--as", "aaron")).Output.ShouldBeEmpty();
        (await parley.DoAsync("history", "--with", "aaron", "--as", "tesla")).Output.ShouldContain("\tdirect\ttesla\tchat\t");
        (await parley.DoAsync("search", "hello", "--as", "tesla", "--json")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_text_is_read_from_standard_input_and_a_line_of_output_is_a_message()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "add", "aaron");
        await parley.DoAsync("link", "tesla", "aaron");

        (await parley.RunAsync(["send", "aaron", "--as", "tesla"], "one\ntwo\e[2J\n")).ExitCode.ShouldBe(0);
        (await parley.RunAsync(["send", "aaron", "-", "--as", "tesla"], "three")).ExitCode.ShouldBe(0);
        var lines = (await parley.DoAsync("inbox", "--as", "aaron")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldEndWith("\tone\\ntwo\\x1b[2J");
        lines[1].ShouldEndWith("\tthree");

        var empty = await parley.RunAsync(["send", "aaron", "--as", "tesla"], "");
        (empty.ExitCode, empty.Errors).ShouldBe((2, "error: Standard input is empty.\nfix: Give the text as the last argument, or pipe it in.\n"));
    }

    [Fact]
    public async Task Watch_wakes_a_program_and_acknowledges_what_it_has_done()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "add", "aaron");
        await parley.DoAsync("link", "tesla", "aaron");
        await parley.DoAsync("send", "aaron", "wake up", "--as", "tesla");

        (await parley.RunAsync(["watch", "--as", "aaron", "--once", "--exec", "exit 3"])).ExitCode.ShouldBe(1);
        var woken = await parley.DoAsync("watch", "--as", "aaron", "--once", "--exec", "grep -o '\"content\":\"wake up\"'");
        woken.Output.ShouldBe("\"content\":\"wake up\"\n");
        (await parley.RunAsync(["watch", "--as", "aaron", "--once", "--timeout", "1s"])).ExitCode.ShouldBe(5);
    }
}
