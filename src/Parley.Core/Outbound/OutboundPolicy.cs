namespace Parley.Core.Outbound;

/// <summary>Which calls may leave the server. Read from <c>parley.json</c>; without one none may.</summary>
public sealed record OutboundPolicy
{
    /// <summary><c>outbound.enabled</c>: whether any call may leave.</summary>
    public bool Enabled { get; init; }

    /// <summary><c>outbound.allow</c>: origins that may be called though they are private or not encrypted, such as <c>http://127.0.0.1:9000</c>.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary><c>outbound.onlyAllowed</c>: whether no other origin than those of <see cref="Allow"/> may be called.</summary>
    public bool OnlyAllowed { get; init; }
}

/// <summary>Who knows the policy: it may change while the server runs.</summary>
public interface IOutboundPolicy
{
    /// <summary>As it is now.</summary>
    OutboundPolicy Current { get; }
}
