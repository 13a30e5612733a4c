namespace Parley.Core.Budgets;

/// <summary>What started a chain of turns, and how much of its bounds is used. Counted together over every route.</summary>
/// <param name="Id">The message that started it.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="Limits">Its bounds, as they were set when its first turn was claimed.</param>
/// <param name="Turns">Turns that were started below it.</param>
/// <param name="Account">What their model calls used.</param>
/// <param name="CreatedAt">When its first turn was claimed.</param>
/// <param name="StoppedAt">When a bound first kept a turn from starting or going on.</param>
/// <param name="Reason">Which bound, in words for a person.</param>
public sealed record Root(
    Guid Id, Guid OrganizationId, RootLimits Limits, int Turns, Account Account, DateTimeOffset CreatedAt, DateTimeOffset? StoppedAt = null, string? Reason = null);

/// <summary>The bounds of one root.</summary>
/// <param name="MaxDepth">How many agents' turns may follow one another behind the first, 0–100.</param>
/// <param name="MaxTurns">How many turns may be started, 0–10,000.</param>
/// <param name="Ceiling">How much they may use together.</param>
public sealed record RootLimits(int MaxDepth = 4, int MaxTurns = 50, Ceiling Ceiling = default)
{
    /// <summary>Returns the limits, or throws <c>invalid_request</c> naming the field that is out of bounds.</summary>
    public RootLimits Checked()
    {
        Bound(MaxDepth, 100, "max_depth");
        Bound(MaxTurns, 10_000, "max_turns");
        _ = Ceiling.Checked();
        return this;
    }

    private static void Bound(int value, int most, string field)
    {
        if (value < 0 || value > most)
        {
            throw ParleyError.Invalid(field, $"{field} is {value}.", $"Use a whole number from 0 to {most}.");
        }
    }
}
