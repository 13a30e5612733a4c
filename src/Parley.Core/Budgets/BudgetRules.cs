using System.Globalization;

namespace Parley.Core.Budgets;

/// <summary>Decides whether a turn may start and a model may be called. Pure: the caller locks the rows, and stores what comes back.</summary>
public static class BudgetRules
{
    /// <summary>Why no turn of that depth may start below the root, naming the bound; null where one may.</summary>
    public static string? Refusal(Root root, int depth)
    {
        var limits = root.Limits;
        if (depth > limits.MaxDepth)
        {
            return $"The chain has reached its depth of {limits.MaxDepth} (max_depth).";
        }

        if (root.Turns >= limits.MaxTurns)
        {
            return $"The chain has used its {limits.MaxTurns} turns (max_turns).";
        }

        return Met(root.Account, limits.Ceiling);
    }

    /// <summary>The root with one more turn.</summary>
    public static Root Admit(Root root) => root with { Turns = root.Turns + 1 };

    /// <summary>The root as stopped, with the first reason.</summary>
    public static Root Stop(Root root, string reason, DateTimeOffset now) => root.StoppedAt is null ? root with { StoppedAt = now, Reason = reason } : root;

    /// <summary>The account with the amount reserved, or null where it does not fit below the ceiling.</summary>
    public static Account? Reserve(Account account, Ceiling ceiling, Amount amount)
    {
        var used = account.Spent + account.Reserved + amount;
        return used.Tokens > ceiling.Tokens || used.Cost > ceiling.Cost ? null : account with { Reserved = account.Reserved + amount };
    }

    /// <summary>The account after a call: its reservation is released and what it used is spent. A call that was not made or not answered used nothing.</summary>
    public static Account Settle(Account account, Amount reserved, Amount used) => new(account.Spent + used, account.Reserved - reserved);

    /// <summary>Which bound keeps the amount from being reserved, in words.</summary>
    public static string Missing(string whose, Account account, Ceiling ceiling, Amount amount)
    {
        var used = account.Spent + account.Reserved;
        return (used + amount).Tokens > ceiling.Tokens
            ? string.Create(CultureInfo.InvariantCulture, $"{whose} has used {used.Tokens} of {ceiling.Tokens} tokens; the next model call may need {amount.Tokens} (max_tokens).")
            : $"{whose} has used {Dollars(used.Cost)} of {Dollars(ceiling.Cost ?? 0)}; the next model call may cost {Dollars(amount.Cost)} (max_cost).";
    }

    /// <summary>Money as a person reads it.</summary>
    public static string Dollars(long millionths) => string.Create(CultureInfo.InvariantCulture, $"${millionths / 1_000_000m:0.00####}");

    private static string? Met(Account account, Ceiling ceiling)
    {
        var used = account.Spent + account.Reserved;
        if (used.Tokens >= ceiling.Tokens)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The chain has used its {ceiling.Tokens} tokens (max_tokens).");
        }

        return used.Cost >= ceiling.Cost && ceiling.Cost is { } cost ? $"The chain has used its {Dollars(cost)} (max_cost)." : null;
    }
}
