namespace Parley.Tests.Storage.Maintenance;

/// <summary>Takes nothing until a test opens it, like a client that does not read.</summary>
internal sealed class GatedStream : MemoryStream
{
    public Signal Reached { get; } = new();

    public Signal Open { get; } = new();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Reached.Raise();
        await Open;
        await base.WriteAsync(buffer, cancellationToken);
    }
}
