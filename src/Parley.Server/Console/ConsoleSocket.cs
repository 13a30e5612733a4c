using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Core;
using Parley.Server.WebSockets;

namespace Parley.Server.Console;

/// <summary>A console's connection: hints of what is new, gathered for a moment so that a busy organization costs few frames. It takes nothing but pings.</summary>
internal sealed class ConsoleSocket(SocketOpening opening, ConsoleHub hub, string epoch) : SocketSession(opening), IConsoleViewer
{
    private const int MostNamed = 100;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(150);
    private readonly Lock gate = new();
    private readonly HashSet<Guid> conversations = [];
    private bool turned;
    private bool waiting;

    /// <inheritdoc/>
    public Guid OrganizationId => Caller.OrganizationId;

    /// <inheritdoc/>
    public override string LastCursor => "0";

    /// <inheritdoc/>
    protected override bool IsBehind => false;

    /// <summary>Runs until the end.</summary>
    public async Task RunAsync()
    {
        hub.Add(this);
        try
        {
            await Output.AnswerAsync(new ConsoleHello("hello", Caller.Name, epoch, ProductVersion.Current), ConsoleJson.Default.ConsoleHello);
            Output.Queue.Flush();
            await ReadAsync();
        }
        finally
        {
            hub.Remove(this);
        }
    }

    /// <inheritdoc/>
    public void Changed(Guid conversationId)
    {
        lock (gate)
        {
            if (conversations.Count < MostNamed)
            {
                conversations.Add(conversationId);
            }

            Gather();
        }
    }

    /// <inheritdoc/>
    public void Turned()
    {
        lock (gate)
        {
            turned = true;
            Gather();
        }
    }

    protected override void OnClosing() => hub.Remove(this);

    /// <summary>Any frame is answered: a browser cannot send the protocol's own ping, and this is how a console finds out that the connection is dead.</summary>
    protected override async ValueTask TakeAsync(Received frame)
    {
        await Output.AnswerAsync(new ConsolePong("pong"), ConsoleJson.Default.ConsolePong);
        Output.Queue.Flush();
    }

    private void Gather()
    {
        if (!waiting && !IsClosing)
        {
            waiting = true;
            _ = SendAsync();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await Task.Delay(Gathering, Opening.Time, Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (ObjectDisposedException)
        {
            return; // The connection ended in the same moment.
        }

        ConsoleChange change;
        lock (gate)
        {
            change = new ConsoleChange("changed", [.. conversations], turned);
            conversations.Clear();
            (turned, waiting) = (false, false);
        }

        await Output.AnswerAsync(change, ConsoleJson.Default.ConsoleChange);
        Output.Queue.Flush();
    }
}

/// <summary>The first frame.</summary>
internal sealed record ConsoleHello(string Type, string User, string Epoch, string Server);

/// <summary>Where something is new.</summary>
/// <param name="Type"><c>changed</c>.</param>
/// <param name="Conversations">The conversations; the empty id where it is not known which.</param>
/// <param name="Turns">Whether turns of agents began, went on or ended.</param>
internal sealed record ConsoleChange(string Type, IReadOnlyList<Guid> Conversations, bool Turns);

/// <summary>The answer to any frame.</summary>
internal sealed record ConsolePong(string Type);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConsoleHello))]
[JsonSerializable(typeof(ConsoleChange))]
[JsonSerializable(typeof(ConsolePong))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
