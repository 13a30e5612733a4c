namespace Parley.Storage;

/// <summary>
/// Where commits go. A server that is promoted or restored begins a new timeline, and what was acknowledged on the old one only by its own disk may be
/// missing there.
/// </summary>
/// <param name="Timeline">The history that the server writes.</param>
/// <param name="Durability">What a commit means on it, as in the answers.</param>
internal sealed record Lineage(string Timeline, string Durability)
{
    private const char Between = ' ';

    /// <summary>Whether a store that was written under this one and goes on under another may have lost what it acknowledged.</summary>
    public bool MayLose(Lineage next) => Timeline != next.Timeline && Durability != "disk+replica";

    /// <summary>As it stands in the store.</summary>
    public override string ToString() => Timeline + Between + Durability;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static Lineage Parse(string text) => new(text[..text.IndexOf(Between, StringComparison.Ordinal)], text[(text.IndexOf(Between, StringComparison.Ordinal) + 1)..]);
}
