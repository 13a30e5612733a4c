using System.Text.Json.Serialization;

namespace Parley.Core.Turns;

/// <summary>The program that thinks for an agent. Only a person names one; no part of it comes from what agents say.</summary>
/// <param name="Profile">Which program it is like, so that its arguments and its output are known; <c>custom</c> for any other.</param>
/// <param name="Command">The program with its first arguments; empty for the profile's own.</param>
public sealed record HostedProgram(string Profile, IReadOnlyList<string> Command)
{
    /// <summary>The folder on the server's machine that it runs in; null for one of its own a session, below the server's data folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Names of environment variables of the server that it gets beside PATH, HOME and LANG; values are never stored.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>What a program of the profile <c>custom</c> reads and prints: <c>text</c>, <c>json</c> or <c>jsonl</c>; null elsewhere.</summary>
    public string? Format { get; init; }

    /// <summary>Who answers when it asks for permission.</summary>
    public PermissionPolicy Permissions { get; init; }
}

/// <summary>Who answers a program that asks for permission.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PermissionPolicy>))]
public enum PermissionPolicy
{
    /// <summary>A person, within a time.</summary>
    Ask,

    /// <summary>Everything is allowed.</summary>
    Allow,

    /// <summary>Nothing is allowed.</summary>
    Deny,
}
