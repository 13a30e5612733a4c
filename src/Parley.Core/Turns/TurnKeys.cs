using System.Globalization;

namespace Parley.Core.Turns;

/// <summary>The keys of what a turn sends: the same after a crash, so that a repetition finds the first.</summary>
public static class TurnKeys
{
    /// <summary>The key of the message that ends the turn.</summary>
    public static string Final(Guid turnId) => $"turn:{turnId:N}:final";

    /// <summary>The key of what a tool call sends.</summary>
    public static string OfCall(Guid turnId, int step, int index) => string.Create(CultureInfo.InvariantCulture, $"turn:{turnId:N}:{step}:{index}");

    /// <summary>No key of the turn comes before it.</summary>
    public static string Begin(Guid turnId) => $"turn:{turnId:N}:";

    /// <summary>Every key of the turn comes before it, and no other turn's between.</summary>
    public static string End(Guid turnId) => $"turn:{turnId:N};";
}
