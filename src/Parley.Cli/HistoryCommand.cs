using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Http;

namespace Parley.Cli;

/// <summary><c>parley history</c> and <c>parley search WORDS</c></summary>
internal static class HistoryCommand
{
    private static readonly Argument<string[]> Words = new("words") { Description = "Words that the message contains.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> With = new("--with") { Description = "The other agent of a direct conversation.", HelpName = "AGENT", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> Channel = new("--channel") { Description = "A channel." };
    private static readonly Option<Guid?> Conversation = new("--conversation") { Description = "A conversation's id.", HelpName = "ID" };
    private static readonly Option<string?> Project = new("--project") { Description = "The project of the channel.", CompletionSources = { Suggestions.Projects } };
    private static readonly Option<string?> Sender = new("--sender") { Description = "Messages of one sender.", HelpName = "NAME", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> Type = new("--type") { Description = "Messages of one type." };
    private static readonly Option<DateTimeOffset?> Since = Durations.Moment("--since", "Not older than: 2h, 3d, or an ISO 8601 time.", TimeProvider.System, past: true);
    private static readonly Option<DateTimeOffset?> Until = Durations.Moment("--until", "Older than: 2h, 3d, or an ISO 8601 time.", TimeProvider.System, past: true);
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many messages, 1 to 500 (default 50).", HelpName = "N" };
    private static readonly Option<string?> Before = new("--before") { Description = "Go on before this mark, which the previous page named.", HelpName = "MARK" };

    static HistoryCommand() => Type.CompletionSources.Add(Suggestions.MessageTypes);

    public static Command Build() =>
        new ParleyCommand("history", "Read past messages, oldest first.", "parley history --with aaron --as tesla", "parley history --channel general --since 2h", "parley history --conversation ID --json")
        {
            With, Channel, Conversation, Project, Sender, Type, Since, Until, Limit, Before,
        }.Does((invocation, cancellation) => FindAsync(invocation, null, cancellation));

    public static Command BuildSearch() =>
        new ParleyCommand("search", "Find messages by their words.", "parley search deadline --as tesla", "parley search \"build failed\" --since 2d --sender aaron")
        {
            Words, With, Channel, Conversation, Project, Sender, Type, Since, Until, Limit, Before,
        }.Does((invocation, cancellation) => FindAsync(invocation, string.Join(' ', invocation.Get(Words)!), cancellation));

    public static async Task ShowAsync(Invocation invocation, MessageFilter filter, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var page = await client.Messages.ListAsync(filter, cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(page, Screen.Wire.MessagePage);
            return;
        }

        foreach (var message in page.Items.OrderBy(message => message.CreatedAt).ThenBy(message => message.Number))
        {
            invocation.Screen.Print(message);
        }

        if (page.Items.Count == 0)
        {
            invocation.Screen.Note("No messages.");
        }
        else if (page.Next is { } next)
        {
            invocation.Screen.Note($"Older ones: --before {next}");
        }
    }

    private static Task FindAsync(Invocation invocation, string? words, CancellationToken cancellation) => ShowAsync(
        invocation,
        new MessageFilter
        {
            Words = words,
            With = invocation.Get(With)?.TrimStart('@'),
            Channel = invocation.Get(Channel),
            Conversation = invocation.Get(Conversation),
            Project = invocation.Get(Project),
            Sender = invocation.Get(Sender),
            Type = invocation.Get(Type),
            Since = invocation.Get(Since),
            Until = invocation.Get(Until),
            Limit = invocation.Get(Limit),
            Before = invocation.Get(Before),
        },
        cancellation);
}
