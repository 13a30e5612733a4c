using System.Diagnostics.CodeAnalysis;

namespace Parley.Storage;

/// <summary>A statement broke a constraint of the schema; the unit of work it stood in is rolled back.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by the two engines only.")]
[SuppressMessage("Design", "CA1064", Justification = "Stores inside this project catch it.")]
internal sealed class ConstraintException(bool unique, string message, Exception cause) : Exception(message, cause)
{
    /// <summary>Whether a row with the same key exists already.</summary>
    public bool Unique { get; } = unique;
}
