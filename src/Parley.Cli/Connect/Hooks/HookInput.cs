using System.Text.Json;

namespace Parley.Cli.Connect.Hooks;

/// <summary>What a program says on standard input when it runs a hook.</summary>
/// <param name="Event">The event's name, as the program writes it.</param>
/// <param name="Session">The conversation that it is about.</param>
internal sealed record HookInput(string? Event, string? Session)
{
    private const int Most = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Reads it, as far as there is something to read.</summary>
    public static async Task<HookInput> ReadAsync(CancellationToken cancellation)
    {
        if (!Console.IsInputRedirected)
        {
            return new HookInput(null, null);
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        await using var input = Console.OpenStandardInput();
        using var buffer = new MemoryStream();
        try
        {
            // A pipe that is never closed cannot be interrupted; the program ends without it.
            await input.CopyToAsync(buffer, late.Token).WaitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new HookInput(null, null);
        }

        return Parse(buffer.Length > Most ? default : buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }

    public static HookInput Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new HookInput(Text(document.RootElement, "hook_event_name"), Text(document.RootElement, "session_id") ?? Text(document.RootElement, "conversation_id"));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return new HookInput(null, null);
        }
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
