using System.Text.Json;

namespace Parley.Client.Wire;

/// <summary>The configuration that the server runs with.</summary>
/// <param name="File">Where it is read from; the file need not exist. Null for a server that reads none.</param>
/// <param name="Settings">Every key with the value that holds.</param>
/// <param name="Faults">What is wrong with the file as it is now; where there is something, what held before goes on.</param>
public sealed record ConfigView(string? File, IReadOnlyList<SettingView> Settings, IReadOnlyList<ConfigFaultView> Faults);

/// <summary>A key of the configuration with the value that holds. Passwords are left out.</summary>
/// <param name="Key">Its path; entries of agents by name: <c>agents.list[tesla].subagents.model</c>.</param>
/// <param name="Value">The value; absent where there is none.</param>
/// <param name="Text">The value, or what holds without one, for people.</param>
/// <param name="From"><c>default</c>, <c>file</c>, <c>environment</c> or <c>option</c>.</param>
/// <param name="Source">The file, variable or option.</param>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="NextText">What the file says now, where that counts from the server's next start.</param>
public sealed record SettingView(string Key, JsonElement? Value, string Text, string From, string Source, int? Line = null, string? NextText = null);

/// <summary>Something wrong in the configuration.</summary>
/// <param name="Key">The path of the key; empty for the file as a whole.</param>
/// <param name="Source">The file, variable or option.</param>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Fix">What to do.</param>
public sealed record ConfigFaultView(string Key, string Source, int? Line, int? Column, string Text, string Fix);
