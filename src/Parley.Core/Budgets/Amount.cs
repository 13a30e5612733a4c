namespace Parley.Core.Budgets;

/// <summary>What a model call uses.</summary>
/// <param name="Tokens">Input and output tokens together.</param>
/// <param name="Cost">Millionths of a US dollar.</param>
public readonly record struct Amount(long Tokens, long Cost)
{
    /// <summary>Both together.</summary>
    public static Amount operator +(Amount one, Amount other) => new(one.Tokens + other.Tokens, one.Cost + other.Cost);

    /// <summary>What is left of one after the other was taken, never less than nothing.</summary>
    public static Amount operator -(Amount one, Amount other) => new(Math.Max(0, one.Tokens - other.Tokens), Math.Max(0, one.Cost - other.Cost));
}

/// <summary>The most that may be used; null is no limit.</summary>
/// <param name="Tokens">Input and output tokens together.</param>
/// <param name="Cost">Millionths of a US dollar.</param>
public readonly record struct Ceiling(long? Tokens, long? Cost)
{
    /// <summary>Whether either is limited.</summary>
    public bool IsSet => Tokens is not null || Cost is not null;

    /// <summary>Throws <c>invalid_request</c> for a limit below zero.</summary>
    public Ceiling Checked() => Tokens < 0 || Cost < 0
        ? throw ParleyError.Invalid("budget", "A limit is below zero.", "Use 0 or more, or no limit: parley budget set --tokens 200000 --cost 1.50")
        : this;
}

/// <summary>What was used and what calls under way may still use.</summary>
/// <param name="Spent">By calls that have ended.</param>
/// <param name="Reserved">For calls under way.</param>
public readonly record struct Account(Amount Spent, Amount Reserved);
