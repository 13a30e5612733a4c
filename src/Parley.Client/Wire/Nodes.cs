namespace Parley.Client.Wire;

/// <summary>A server process that works on the store.</summary>
/// <param name="Name">Machine and process.</param>
/// <param name="State"><c>alive</c>, <c>draining</c> while it is being emptied, or <c>lost</c> where nothing was heard of it for 15 s.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="SeenAt">When it was last heard of, by the database's clock.</param>
/// <param name="Turns">Turns that it owns.</param>
/// <param name="MostTurns">How many it runs at once.</param>
/// <param name="Connections">Live connections.</param>
/// <param name="ClockSkewMs">How far its clock is ahead of the database's, in milliseconds.</param>
/// <param name="DrainingSince">Since when it is being emptied.</param>
/// <param name="Answering">Whether it is the one that answers.</param>
public sealed record NodeView(
    string Name, string State, string Version, string Address, DateTimeOffset StartedAt, DateTimeOffset SeenAt, int Turns, int MostTurns, int Connections, long ClockSkewMs,
    DateTimeOffset? DrainingSince, bool Answering);
