using Parley.Core;

namespace Parley.Server.Security;

/// <summary>Carries the caller of one request from the authentication to the endpoint.</summary>
internal sealed class CallerSlot
{
    private Caller? caller;

    /// <summary>The caller, or null where no token was needed.</summary>
    public Caller? Known => caller;

    public Caller Caller
    {
        get => caller ?? throw new InvalidOperationException("The request was not authenticated.");
        set => caller = value;
    }
}
