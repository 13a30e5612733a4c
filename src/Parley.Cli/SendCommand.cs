using System.CommandLine;
using System.Text.Json;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley send TO [TEXT|-]</c></summary>
internal static class SendCommand
{
    private static readonly Argument<string> To = new("to") { Description = "An agent (aaron), a channel (#general), or agent_chat.", HelpName = "to", CompletionSources = { Suggestions.Agents } };
    private static readonly Argument<string?> Text = new("text") { Description = "The text; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrOne };
    internal static readonly Option<string?> Type = new("--type") { Description = "What it is for (default chat)." };
    internal static readonly Option<string?> Key = new("--key") { Description = "Makes a repeated send find the first one, 1 to 128 characters." };
    internal static readonly Option<Guid?> ReplyTo = new("--reply-to") { Description = "The message that this one answers.", HelpName = "MESSAGE" };
    private static readonly Option<DateTimeOffset?> ReplyBy = Durations.Moment("--reply-by", "When a reply is asked for: 30m, 6h, or an ISO 8601 time.", TimeProvider.System);
    private static readonly Option<TimeSpan?> Ttl = Durations.Option("--ttl", "After what time the message is of no use: 90s, 15m, 6h.", TimeSpan.FromSeconds(1));
    private static readonly Option<string?> Metadata = new("--metadata") { Description = "A JSON object that goes with the message.", HelpName = "JSON" };
    private static readonly Option<string[]> Mention = new("--mention") { Description = "A name that the message mentions; may be given several times.", HelpName = "NAME", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> Project = new("--project") { Description = "The project of the channel.", CompletionSources = { Suggestions.Projects } };

    static SendCommand() => Type.CompletionSources.Add(Suggestions.MessageTypes);

    public static Command Build() =>
        new ParleyCommand(
            "send", "Send a message. When it returns, the message is stored.",
            "parley send aaron \"The build is green\" --as tesla", "parley send '#general' \"Starting on the API\" --as tesla --type status",
            "git diff | parley send aaron --as tesla --type request --reply-by 30m", "parley send aaron \"Once only\" --as tesla --key deploy-42")
        {
            To, Text, Type, Key, ReplyTo, ReplyBy, Ttl, Metadata, Mention, Project,
        }.Does(SendAsync);

    public static async Task SendAsync(Invocation invocation, string to, string? project, string text, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var request = new SendRequest
        {
            To = to,
            Project = project,
            Content = text,
            Type = invocation.Get(Type),
            Key = invocation.Get(Key),
            ReplyTo = invocation.Get(ReplyTo),
            ReplyBy = invocation.Get(ReplyBy),
            Ttl = invocation.Get(Ttl)?.TotalSeconds,
            Metadata = ParseMetadata(invocation.Get(Metadata)),
            Mentions = invocation.Get(Mention) is { Length: > 0 } names ? [.. names.Select(name => name.TrimStart('@'))] : null,
        };
        var receipt = await client.Messages.SendAsync(request, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(receipt, Screen.Wire.SendResponse);
        }
        else
        {
            invocation.Screen.Line(Describe(receipt, invocation.Screen));
        }
    }

    internal static string Describe(SendResponse receipt, Screen screen)
    {
        var credits = receipt.CreditsLeft is { } left ? $", {left} {(left == 1 ? "credit" : "credits")} left" : "";
        var what = receipt.Duplicate ? "there already" : receipt.Verdict switch
        {
            "deferred" => $"deferred until {screen.Time(receipt.NotBefore)}, {(receipt.CreditsLeft > 0 ? "behind those that wait" : "the quota is used up")}",
            "held" => "held until a person approves it",
            var verdict => verdict,
        };
        return $"{receipt.MessageId}: {what}, number {receipt.Number}{credits}";
    }

    internal static JsonElement? ParseMetadata(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw Refusal.Wrong("--metadata is not a JSON object.", "Write it as '{\"ticket\": 42}'.", "metadata");
        }
        catch (JsonException fault)
        {
            throw Refusal.Wrong($"--metadata is not JSON: {fault.Message}", "Write it as '{\"ticket\": 42}'.", "metadata");
        }
    }

    private static async Task SendAsync(Invocation invocation, CancellationToken cancellation)
    {
        var text = await TextInput.ReadAsync(invocation.Get(Text), cancellation).ConfigureAwait(false);
        await SendAsync(invocation, invocation.Get(To)!, invocation.Get(Project), text, cancellation).ConfigureAwait(false);
    }
}
