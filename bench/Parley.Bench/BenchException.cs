namespace Parley.Bench;

/// <summary>A failure whose message says to the person at the terminal what to do or what broke.</summary>
sealed class BenchException(string message) : Exception(message);
