using System.CommandLine;
using Parley.Client;

namespace Parley.Cli.Shell;

/// <summary>One run of a command: its arguments, where it prints, and the server in the right name.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly ParseResult parse;
    private readonly List<ParleyClient> clients = [];

    public Invocation(ParseResult parse)
    {
        this.parse = parse;
        Screen = new Screen(parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error, parse.GetValue(GlobalOptions.Json));
        Folder = DataFolder.Find(parse.GetValue(GlobalOptions.Data));
        Credentials = new Credentials(Folder, parse.GetValue(GlobalOptions.Url));
    }

    public Screen Screen { get; }

    public DataFolder Folder { get; }

    public Credentials Credentials { get; private set; }

    /// <summary>True where the person said which server, by the option or the environment.</summary>
    public bool NamesServer => !string.IsNullOrEmpty(parse.GetValue(GlobalOptions.Url)) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PARLEY_URL"));

    /// <summary>Uses that server from now on.</summary>
    public void Use(string url) => Credentials = new Credentials(Folder, url);

    /// <summary>The agent named with <c>--as</c>.</summary>
    public string? Agent => parse.GetValue(GlobalOptions.As)?.TrimStart('@').ToLowerInvariant();

    public T? Get<T>(Option<T> option) => parse.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parse.GetValue(argument);

    /// <summary>Whether the person wrote the option.</summary>
    public bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>What a <see cref="Switches"/> option says; null where it is absent.</summary>
    public bool? Switch(Option<string?> option) => parse.GetResult(option) is { } given ? given.Tokens.Count == 0 || given.Tokens[0].Value == "on" : null;

    /// <summary>The server in the name of the agent of <c>--as</c>, else of the person.</summary>
    public async Task<ParleyClient> ConnectAsync(CancellationToken cancellation) => Agent is { } agent
        ? Open(await Credentials.OfAgentAsync(agent, cancellation).ConfigureAwait(false))
        : Open(Credentials.OfPerson());

    /// <summary>The server in the name of the agent of <c>--as</c>, which this command cannot do without.</summary>
    public async Task<ParleyClient> ConnectAsAgentAsync(CancellationToken cancellation) => Open(await TokenOfAgentAsync(cancellation).ConfigureAwait(false));

    /// <summary>The token of the agent of <c>--as</c>, else that of the environment.</summary>
    public Task<string> TokenOfAgentAsync(CancellationToken cancellation)
    {
        RequireAgent();
        return Agent is { } agent ? Credentials.OfAgentAsync(agent, cancellation) : Task.FromResult(Credentials.FromEnvironment!);
    }

    /// <summary>Refuses to go on where no agent is named.</summary>
    public void RequireAgent()
    {
        if (Agent is null && Credentials.FromEnvironment is null)
        {
            throw Refusal.Wrong("This command needs an agent.", "Name it with --as AGENT; 'parley agent list' shows them.");
        }
    }

    /// <summary>The server in the name of the person, whoever is named with <c>--as</c>.</summary>
    public ParleyClient ConnectAsPerson() => Open(Credentials.OfPerson());

    /// <summary>The server without a token.</summary>
    public ParleyClient ConnectAsNobody() => Open(null);

    /// <summary>The project named, else the only one there is.</summary>
    public async Task<string> ProjectAsync(ParleyClient client, Option<string?> option, CancellationToken cancellation)
    {
        if (Get(option) is { } named)
        {
            return named;
        }

        var projects = await client.Projects.ListAsync(cancellation).ConfigureAwait(false);
        return projects.Items.Count switch
        {
            1 => projects.Items[0].Name,
            0 => throw Refusal.NotFound("There is no project that you can reach.", "Create one with 'parley project add NAME'."),
            _ => throw Refusal.Wrong("There are several projects.", $"Name one with --project: {string.Join(", ", projects.Items.Select(project => project.Name))}.", "project"),
        };
    }

    public void Dispose()
    {
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }

    private ParleyClient Open(string? token)
    {
        // A person who types the same text twice means one message: without a key the link's debounce sees to it.
        var client = new ParleyClient(new ParleyClientOptions { Server = Credentials.Server, Token = token, GenerateKeys = false });
        clients.Add(client);
        return client;
    }
}
