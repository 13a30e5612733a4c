namespace Parley.Core.Turns;

/// <summary>Cancels a turn that runs on this node and was ended by somebody else. A hint: the lease is the truth, and without it the turn ends at its next write.</summary>
public interface ITurnStop
{
    /// <summary>Cancels the turn where it runs here. Returns at once and never throws.</summary>
    void Stop(Guid turnId);
}
