namespace Parley.Storage;

/// <summary>What was remembered of the database is no longer true: the unit has to run again from the start.</summary>
internal sealed class RunAgainException() : Exception("What was remembered of the database is no longer true.");
