using System.Text;

namespace Parley.Core.Channels;

/// <summary>
/// Tells whether two patterns share any possible path. <c>?</c> is one character and <c>*</c> any number of them within a segment; <c>**</c> as a
/// whole segment is any number of segments, none included. Case counts. Pure; the time is bounded by the product of the two lengths.
/// </summary>
public sealed class PathPattern
{
    private readonly Segment[] segments;

    private PathPattern(string text) => segments = [.. text.Split('/').Select(Segment.Read)];

    /// <summary>Reads a pattern; throws <c>invalid_request</c> for one that <see cref="PathForm.Normalize"/> refuses.</summary>
    public static PathPattern Parse(string? text) => new(PathForm.Normalize(text));

    /// <summary>Whether any path matches both patterns.</summary>
    public bool Overlaps(PathPattern other) => Overlap<Segment>(segments, other.segments);

    /// <summary>
    /// Whether two sequences can spell the same: characters of a segment, or segments of a path. After each token of one sequence,
    /// <c>reached[j]</c> says that what was read of it can be spelled by the first j tokens of the other.
    /// </summary>
    private static bool Overlap<T>(ReadOnlySpan<T> mine, ReadOnlySpan<T> theirs) where T : struct, IToken<T>
    {
        Span<bool> reached = stackalloc bool[theirs.Length + 1];
        reached[0] = true;
        SkipMany(reached, theirs);
        foreach (var token in mine)
        {
            var first = reached.IndexOf(true);
            if (first < 0)
            {
                return false;
            }

            if (token.IsMany)
            {
                reached[first..].Fill(true);
                continue;
            }

            for (var j = theirs.Length; j >= 0; j--)
            {
                reached[j] = (j < theirs.Length && reached[j] && theirs[j].IsMany)
                    || (j > 0 && reached[j - 1] && !theirs[j - 1].IsMany && T.Overlap(token, theirs[j - 1]));
            }

            SkipMany(reached, theirs);
        }

        return reached[^1];
    }

    /// <summary>A token for any number of things may stand for none.</summary>
    private static void SkipMany<T>(Span<bool> reached, ReadOnlySpan<T> theirs) where T : struct, IToken<T>
    {
        for (var j = 0; j < theirs.Length; j++)
        {
            reached[j + 1] |= reached[j] && theirs[j].IsMany;
        }
    }

    private interface IToken<T>
    {
        /// <summary>Whether it stands for any number of things.</summary>
        bool IsMany { get; }

        /// <summary>Whether two tokens for one thing can stand for the same.</summary>
        static abstract bool Overlap(T one, T other);
    }

    private readonly record struct Segment(Character[]? Characters) : IToken<Segment>
    {
        public bool IsMany => Characters is null;

        public static bool Overlap(Segment one, Segment other) => PathPattern.Overlap<Character>(one.Characters, other.Characters);

        public static Segment Read(string text) => text == "**" ? default : new Segment([.. text.EnumerateRunes().Select(rune => new Character(rune))]);
    }

    private readonly record struct Character(Rune Rune) : IToken<Character>
    {
        private static readonly Rune Any = new('?');
        private static readonly Rune Many = new('*');

        public bool IsMany => Rune == Many;

        public static bool Overlap(Character one, Character other) => one.Rune == other.Rune || one.Rune == Any || other.Rune == Any;
    }
}
