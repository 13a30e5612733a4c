using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Meetings;

/// <summary>What the command line shows of meetings to scripts.</summary>
public sealed class MeetingCommandTests : IAsyncLifetime
{
    private readonly ParleyProgram parley = new();

    public async ValueTask InitializeAsync()
    {
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "ceo");
    }

    public ValueTask DisposeAsync() => parley.DisposeAsync();

    [Fact]
    public async Task Show_prints_the_meeting_with_its_last_messages_as_one_JSON_document()
    {
        foreach (var text in (string[])["one", "two", "three"])
        {
            await parley.DoAsync(text == "one" ? ["meeting", "run", "ceo", "--name", "board", "--message", text, "--until", "posted"] : ["meeting", "run", "--in", "board", "--message", text, "--until", "posted"]);
        }

        var shown = (await parley.DoAsync("meeting", "show", "board", "--limit", "2", "--json")).Json;
        shown.GetProperty("name").GetString().ShouldBe("board");
        shown.GetProperty("head").GetInt64().ShouldBe(3);
        shown.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString()).ShouldBe(["two", "three"]);
    }
}
