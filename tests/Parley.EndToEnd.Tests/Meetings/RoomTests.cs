using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Meetings;

/// <summary>The room in a real terminal window, on demonstration models.</summary>
public sealed class RoomTests : IAsyncLifetime
{
    private readonly ParleyProgram parley = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(TerminalWindow.Missing is null, TerminalWindow.Missing ?? "");
        await parley.ServeAsync();
        foreach (var name in (string[])["ceo", "cto", "cfo"])
        {
            await parley.DoAsync("agent", "add", name);
            await parley.DoAsync("agent", "host", name, "--model", $"demo/{name}");
        }
    }

    public ValueTask DisposeAsync() => parley.DisposeAsync();

    [Fact]
    public async Task A_discussion_looks_as_the_founding_document_shows_it()
    {
        await using var window = await EnterAsync("meeting", "ceo", "cto", "cfo");
        await window.EnterAsync("Should we launch next month?");

        var screen = await window.UntilAsync(shown => shown.EndsWith("the $50K.\n\n>", StringComparison.Ordinal), "the end of the discussion");
        screen.ShouldEndWith(
            """
            > Should we launch next month?

            ceo: Depends on readiness. @cto status update?
            (demo model: no language model is asked)

              ↳ [Agent-to-agent chain, depth 1/4]

            cto: 90% ready, need QA. @cfo budget for contractors?

                ↳ [Agent-to-agent chain, depth 2/4]

            cfo: $50K available. @ceo revenue impact of delay?

                  ↳ [Agent-to-agent chain, depth 3/4]

            ceo: $200K revenue risk. Let's spend the $50K.

            >
            """);
    }

    [Fact]
    public async Task At_the_limit_the_room_names_who_was_not_heard_and_respond_hears_it()
    {
        await using var window = await EnterAsync("meeting", "ceo", "cto", "cfo", "--chain-length", "1");
        await window.EnterAsync("Should we launch next month?");
        (await window.UntilAsync("to adjust the limit")).ShouldContain(
            """
            ⚠️  Max chain depth (1) reached. Agents mentioned but not responding: cfo
            Use /respond <agent> to hear their response, or /chain-length to adjust the limit
            """);

        await window.EnterAsync("/respond cfo");
        await window.UntilAsync("\ncfo: ");

        await window.EnterAsync("/chain-length 6");
        await window.UntilAsync("✓ Max chain length updated: 1 → 6");
        await window.EnterAsync("/chain-length 0");
        await window.UntilAsync("✓ Max chain length updated: 6 → 0\n⚠️  Agent-to-agent chaining is now disabled.");
    }

    [Fact]
    public async Task Ctrl_C_stops_the_one_speaking_and_Ctrl_D_leaves_the_room_which_stays_as_it_was()
    {
        await using (var window = await EnterAsync("meeting", "ceo", "cto", "--name", "launch", "--chain-length", "7"))
        {
            await window.EnterAsync("@ceo Should we launch next month?");
            await window.UntilAsync("\nceo: ");
            await window.PressAsync("C-c");
            await window.UntilAsync("(ceo did not finish: ");
            await window.EnterAsync("/show");
            await window.UntilAsync("Max Chain Length:  7");
            await window.PressAsync("C-d");
            await window.UntilAsync("[ended with 0]");
        }

        await using var again = await EnterAsync("meeting", "resume", "launch");
        var screen = await again.UntilAsync("owner: @ceo Should we launch next month?");
        screen.ShouldContain("Max Chain Length:  7");
    }

    [Fact]
    public async Task Tab_completes_commands_and_names_and_the_arrow_brings_a_line_back()
    {
        await using var window = await EnterAsync("meeting", "ceo", "cto", "cfo");
        await window.TypeAsync("/chain");
        await window.PressAsync("Tab");
        await window.UntilAsync("> /chain-length");
        await window.PressAsync("Enter");
        await window.UntilAsync("🔗 Agent-to-Agent Chain Settings");
        await window.TypeAsync("/agent cf");
        await window.PressAsync("Tab");
        await window.UntilAsync("> /agent cfo");
        await window.PressAsync("Enter");
        await window.UntilAsync("cfo (hosted)");
        await window.PressAsync("Up");
        await window.PressAsync("Up");
        await window.UntilAsync(screen => screen.EndsWith("> /chain-length", StringComparison.Ordinal), "the line before the last");
    }

    [Fact]
    public async Task A_script_hears_a_meeting_to_its_end()
    {
        var ran = await parley.DoAsync("meeting", "run", "ceo", "cto", "cfo", "--message", "Should we launch next month?", "--until", "done", "--timeout", "50s");
        ran.Output.ShouldContain("owner: Should we launch next month?\n\nceo: ");
        ran.Output.ShouldContain("      ↳ [Agent-to-agent chain, depth 3/4]\n\nceo: ");

        var lines = (await parley.DoAsync("meeting", "run", "ceo", "--message", "Ready?", "--until", "first", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[1].ShouldContain("\"from\":\"ceo\"");
    }

    [Fact]
    public async Task Without_a_server_a_meeting_starts_one_of_its_own_and_stops_it()
    {
        await using var alone = new ParleyProgram();
        var demo = await alone.ServeAsync("--demo");
        await ParleyProgram.LineAsync(demo, line => line.StartsWith("Go on with it", StringComparison.Ordinal));
        await ParleyProgram.InterruptAsync(demo);
        await demo.WaitForExitAsync(TestContext.Current.CancellationToken);

        var ran = await alone.DoAsync("meeting", "run", "--in", "demo", "--message", "@cfo What does it cost?", "--until", "first");
        ran.Errors.ShouldContain("starting one for this meeting");
        ran.Output.ShouldContain("cfo: ");
        (await alone.RunAsync(["meeting", "list"])).ExitCode.ShouldNotBe(0);
    }

    private async Task<TerminalWindow> EnterAsync(params string[] arguments)
    {
        var window = await TerminalWindow.OpenAsync(parley, arguments);
        await window.UntilAsync("Ctrl+D leaves.");
        return window;
    }
}
