using Parley.Cli.Sessions;
using Parley.Client.Wire;

namespace Parley.Tests.Cli.Sessions;

public sealed class SessionWordsTests
{
    [Theory]
    [InlineData("completed", 0)]
    [InlineData("failed", 1)]
    [InlineData("killed", 5)]
    [InlineData("timed_out", 5)]
    public void The_exit_code_says_how_a_session_ended(string status, int code) => SessionWords.ExitCodeOf(status).ShouldBe(code);

    [Fact]
    public void The_metrics_stand_beside_what_the_document_aims_at() =>
        SessionWords.Facts(new SessionStatsView(7, 121, 3, 2, 112, 2, 1, 1, 0.9655, 1, 42.53, 0.0031m, 10)).ShouldBe(
        [
            ("spawned", "121 in 7 days: 112 completed, 2 failed, 1 killed, 1 timed out, 3 running, 2 waiting"), ("spawn success rate", "96.55% of 116 ended (aim: 94% or more)"),
            ("result delivery", "100% (aim: 100%)"), ("concurrent capacity", "10 agents"), ("average response time", "42.5 seconds"), ("cost per spawn", "$0.0031"),
        ]);

    [Fact]
    public void Without_an_end_there_is_no_rate() =>
        SessionWords.Facts(new SessionStatsView(7, 0, 0, 0, 0, 0, 0, 0, null, null, 0, 0, 10)).Select(fact => fact.Value).ShouldContain("none has ended yet");

    [Fact]
    public void A_log_entry_is_one_harmless_line()
    {
        var at = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
        SessionLogLines.Line(new SessionLogEntryView("tool", at, "demo/echo", "{}\n", Tool: "list_contacts", Answer: "a\tb\u001b[2J")).ShouldBe(
            "2026-03-01T09:30:00.000Z\ttool\tdemo/echo\tlist_contacts\t{}\\n\ta\\tb\\x1b[2J");
        SessionWords.Line(new SessionLogEntryView("tool", at, "demo/echo", "{}", Tool: "list_contacts")).ShouldBe("list_contacts {}");
    }

    [Fact]
    public void What_is_used_stands_beside_its_limit()
    {
        var session = Spawned.Session(2) with { MaxTokens = 1000, MaxCost = 0.5m };
        (SessionWords.Tokens(session), SessionWords.Cost(session), SessionWords.Tokens(Spawned.Session(1))).ShouldBe(("200 of 1000", "$0.25 of $0.50", "100"));
    }
}
