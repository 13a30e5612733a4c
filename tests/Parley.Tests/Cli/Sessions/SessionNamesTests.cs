using Parley.Cli.Sessions;
using Parley.Client;

namespace Parley.Tests.Cli.Sessions;

public sealed class SessionNamesTests
{
    [Fact]
    public void The_short_form_is_as_long_as_it_needs_to_be_and_can_be_typed_back()
    {
        var (one, two, three) = (
            Spawned.Session(1, id: "01957e3a-5b7c-7d10-8f2a-aaaa5e6f7a8b"), Spawned.Session(2, id: "01957e3a-5b7c-7d10-8f2a-bbbb5e6f7a8b"), Spawned.Session(3, id: "01957e3a-5b7c-7d10-8f2a-cccc00000000"));
        Client.Wire.SessionView[] all = [one, two, three];

        all.Select(session => SessionNames.Short(session.SessionKey, all)).ShouldBe(["a5e6f7a8b", "b5e6f7a8b", "00000000"]);
        all.Select(session => SessionNames.Resolve(SessionNames.Short(session.SessionKey, all), all)).ShouldBe(all.Select(session => session.SessionKey));
        SessionNames.Resolve("A5E6F7A8B", all).ShouldBe(one.SessionKey);
        var refusal = Should.Throw<ParleyException>(() => SessionNames.Resolve("6f7a8b", all));
        (refusal.Code, refusal.Fix).ShouldBe(("conflict", "Write one of a5e6f7a8b (tesla, spawned by ghost), b5e6f7a8b (tesla, spawned by ghost)."));
    }

    [Theory]
    [InlineData("0002")]
    [InlineData("research")]
    [InlineData("ffffff")]
    public void What_names_no_listed_session_is_left_to_the_server(string typed) => SessionNames.Resolve(typed, [Spawned.Session(1), Spawned.Session(2)]).ShouldBe(typed);

    [Fact]
    public void A_label_means_the_one_open_session_else_the_newest_ended_one()
    {
        var (old, done, open) = (Spawned.Session(1, label: "api", status: "completed"), Spawned.Session(2, label: "api", status: "killed"), Spawned.Session(3, label: "api"));
        SessionNames.Resolve("api", [open, done, old]).ShouldBe(open.SessionKey);
        SessionNames.Resolve("api", [done, old]).ShouldBe(done.SessionKey);
        Should.Throw<ParleyException>(() => SessionNames.Resolve("api", [open, Spawned.Session(4, "aaron", "owner", label: "api")])).Fix.ShouldContain("(aaron, spawned by owner)");
    }

    [Fact]
    public void A_label_goes_before_the_end_of_a_key() =>
        SessionNames.Resolve("00000002", [Spawned.Session(1, label: "00000002"), Spawned.Session(2)]).ShouldEndWith("0001");

    [Fact]
    public void A_shell_is_offered_the_label_where_it_is_one_word_and_names_one_session() =>
        SessionNames.Typed([Spawned.Session(1, label: "api"), Spawned.Session(2), Spawned.Session(3, label: "two words"), Spawned.Session(4, label: "x"), Spawned.Session(5, label: "x")])
            .ShouldBe(["api", "00000002", "00000003", "00000004", "00000005"]);
}
