using System.Text;
using Parley.Core.Outbound;

namespace Parley.Server.Tests.Outbound;

/// <summary>Keeps secrets readable: encryption has tests of its own.</summary>
internal sealed class TestSecrets : ISealedSecrets
{
    private const string Mark = "test.";

    public string Seal(string purpose, string secret) => Mark + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{purpose}\n{secret}"));

    public string? Open(string purpose, string sealedText) =>
        IsOurs(sealedText) && Encoding.UTF8.GetString(Convert.FromBase64String(sealedText[Mark.Length..])).Split('\n') is [var named, var secret] && named == purpose ? secret : null;

    public bool IsOurs(string sealedText) => sealedText.StartsWith(Mark, StringComparison.Ordinal);
}
