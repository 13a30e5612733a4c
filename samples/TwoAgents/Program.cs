using Parley.Client;
using Parley.Client.Sockets;
using Parley.Client.Wire;

// A person's token may add agents; an agent's token speaks for that agent only.
var server = new Uri(args.Length > 0 ? args[0] : Environment.GetEnvironmentVariable("PARLEY_URL") ?? "http://127.0.0.1:7275");
if (Environment.GetEnvironmentVariable("PARLEY_TOKEN") is not { Length: > 0 } token)
{
    Console.Error.WriteLine("Set PARLEY_TOKEN to a user's token; on the server's machine: export PARLEY_TOKEN=$(cat ~/.parley/owner.secret)");
    return 2;
}

using var owner = new ParleyClient(server, token);
using var ada = await JoinAsync("ada");
using var charles = await JoinAsync("charles");
await LinkAsync("ada", "charles");

// Charles lives on a WebSocket: it answers every request and acknowledges it only then, so that nothing is lost if this program dies in between.
await using var line = await charles.OpenSocketAsync();
var answering = AnswerOneAsync(line);

// Ada sends over HTTP and follows her inbox until the answer comes.
var before = await ada.Inbox.ReadAsync();
var sent = await ada.Messages.SendAsync(new SendRequest { To = "charles", Type = "request", Content = "What is 6 times 7?", ReplyBy = TimeProvider.System.GetUtcNow().AddMinutes(5) });
Console.WriteLine($"ada asked ({sent.Verdict}, {sent.CreditsLeft} credits left)");
await foreach (var message in ada.Inbox.FollowAsync(before.Cursor))
{
    if (message.ReplyTo == sent.MessageId)
    {
        Console.WriteLine($"{message.From} answered: {message.Content}");
        await ada.Inbox.AcknowledgeAsync(message.Cursor!);
        break;
    }
}

await answering;
var status = await ada.Messages.ReadStatusAsync(sent.MessageId);
Console.WriteLine($"the request is {status.Deliveries[0].State}");
return 0;

static async Task AnswerOneAsync(ChannelSocket line)
{
    await foreach (var message in line.ReadAllAsync())
    {
        if (message.Type == "request")
        {
            Console.WriteLine($"{line.Agent} was asked: {message.Content}");
            await line.SendAsync(new SendRequest { To = message.From, Type = "result", Content = "42", ReplyTo = message.Id });
            await line.AckAsync(message.Cursor!);
            return;
        }

        await line.AckAsync(message.Cursor!);
    }
}

async Task<ParleyClient> JoinAsync(string name)
{
    try
    {
        await owner.Agents.AddAsync(new AddAgentRequest(name));
    }
    catch (ParleyException error) when (error.Code == "conflict")
    {
        Console.WriteLine($"{name} is there already");
    }

    var issued = await owner.Tokens.IssueAsync(new IssueTokenRequest(Agent: name, Label: "TwoAgents sample", ExpiresInDays: 1));
    return new ParleyClient(server, issued.Secret);
}

async Task LinkAsync(string agent, string peer)
{
    try
    {
        await owner.Links.CreateAsync(new CreateLinkRequest(agent, peer));
    }
    catch (ParleyException error) when (error.Code == "conflict")
    {
        Console.WriteLine($"{agent} and {peer} are linked already");
    }
}
