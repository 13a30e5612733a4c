using Parley.Core;

namespace Parley.Server.Security;

/// <summary>Carries the caller of one request from the authentication to the endpoint.</summary>
internal sealed class CallerSlot
{
    private Caller? caller;

    public Caller Caller
    {
        get => caller ?? throw new InvalidOperationException("The request was not authenticated.");
        set => caller = value;
    }
}
