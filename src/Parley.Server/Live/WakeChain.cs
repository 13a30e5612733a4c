using Parley.Core;

namespace Parley.Server.Live;

/// <summary>A part of this node that hears of every commit.</summary>
internal interface IWakeListener
{
    /// <summary>Called after the commit. Returns at once and never throws.</summary>
    void Wake(in WakeHint hint);
}

/// <summary>Hands each hint to every part of this node that wants to hear it.</summary>
internal sealed class WakeChain(IEnumerable<IWakeListener> listeners) : IWake
{
    private readonly IWakeListener[] listeners = [.. listeners];

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        foreach (var listener in listeners)
        {
            listener.Wake(hint);
        }
    }
}
