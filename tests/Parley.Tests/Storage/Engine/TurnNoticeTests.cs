using System.Text;
using Parley.Core.Turns;
using Parley.Storage.Postgres;

namespace Parley.Tests.Storage.Engine;

public sealed class TurnNoticeTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" two  words\nand a line ")]
    [InlineData("größer 🎺")]
    public void What_a_turn_said_is_heard_as_it_was(string text)
    {
        var note = new TurnNote(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "tesla", 3, TurnNoteKind.Text, text);
        TurnNotice.Parse(new TurnNotice(Guid.NewGuid()) { Note = note }.ToString()).ShouldNotBeNull().Note.ShouldBe(note);
    }

    [Fact]
    public void What_is_watched_and_what_was_ended_is_heard_and_fits_into_a_notice()
    {
        var watched = Enumerable.Range(0, TurnNotice.MostWatched).Select(_ => Guid.NewGuid()).ToList();
        var text = new TurnNotice(Guid.NewGuid()) { Watched = watched }.ToString();
        text.Length.ShouldBeLessThan(8_000);
        TurnNotice.Parse(text).ShouldNotBeNull().Watched.ShouldBe(watched);
        TurnNotice.Parse(new TurnNotice(Guid.NewGuid()) { Watched = [] }.ToString()).ShouldNotBeNull().Watched.ShouldBe([]);
        TurnNotice.Parse(new TurnNotice(Guid.NewGuid()) { Ended = watched[0] }.ToString()).ShouldNotBeNull().Ended.ShouldBe(watched[0]);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('ß')]
    [InlineData('語')]
    public void A_long_text_is_cut_into_pieces_that_fit_and_nothing_is_lost(char letter)
    {
        var text = new string(letter, 30_000) + "🎺";
        var pieces = TurnNotice.Pieces(text).ToList();
        string.Concat(pieces).ShouldBe(text);
        var note = new TurnNote(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), new string('n', 64), 4, TurnNoteKind.Text);
        foreach (var piece in pieces)
        {
            Encoding.UTF8.GetByteCount(new TurnNotice(Guid.NewGuid()) { Note = note with { Text = piece } }.ToString()).ShouldBeLessThan(8_000);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("w 0123456789abcdef0123456789abcdef nonsense")]
    [InlineData("e 0123456789abcdef0123456789abcdef 7")]
    [InlineData("d 0123456789abcdef0123456789abcdef 1 2 3 4 5 6 7")]
    [InlineData("x 0123456789abcdef0123456789abcdef 0123456789abcdef0123456789abcdef")]
    public void What_somebody_else_tells_is_not_heard(string text) => TurnNotice.Parse(text).ShouldBeNull();
}
