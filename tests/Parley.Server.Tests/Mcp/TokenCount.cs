namespace Parley.Server.Tests.Mcp;

/// <summary>
/// What a text costs a model at most, by a rule that needs no vocabulary: a run of letters is a token for every five begun, a run of digits one for every two begun,
/// a run of other ASCII signs one for every two begun, any other character one of its own, and white space belongs to what follows it. Tokenizers in use need fewer:
/// they know whole words, and <c>":{"</c> as one.
/// </summary>
public static class TokenCount
{
    private const int Letters = 5;
    private const int Digits = 2;
    private const int Signs = 2;

    public static int Of(string text)
    {
        var tokens = 0;
        for (var i = 0; i < text.Length;)
        {
            var (kind, most) = KindOf(text[i]);
            var end = i + 1;
            while (end < text.Length && kind != Kind.Other && KindOf(text[end]).Kind == kind)
            {
                end++;
            }

            tokens += kind == Kind.Space ? 0 : (end - i + most - 1) / most;
            i = end;
        }

        return tokens;
    }

    private static (Kind Kind, int Most) KindOf(char sign) =>
        char.IsAsciiLetter(sign) ? (Kind.Letter, Letters) : char.IsAsciiDigit(sign) ? (Kind.Digit, Digits) : char.IsWhiteSpace(sign) ? (Kind.Space, 1)
        : char.IsAscii(sign) ? (Kind.Sign, Signs) : (Kind.Other, 1);

    private enum Kind
    {
        Letter,
        Digit,
        Sign,
        Space,
        Other,
    }
}
