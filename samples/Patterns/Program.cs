using Parley.Client;
using Parley.Client.Wire;

// Spawn → monitor → harvest, by a program. A person's token may spawn every hosted agent; an agent's token those that parley.json allows it.
var server = new Uri(args.Length > 0 ? args[0] : Environment.GetEnvironmentVariable("PARLEY_URL") ?? "http://127.0.0.1:7275");
if (Environment.GetEnvironmentVariable("PARLEY_TOKEN") is not { Length: > 0 } token)
{
    Console.Error.WriteLine("Set PARLEY_TOKEN to a user's token; on the server's machine: export PARLEY_TOKEN=$(cat ~/.parley/owner.secret)");
    return 2;
}

using var owner = new ParleyClient(server, token);
string[] team = ["tesla", "aaron", "barnum"];
foreach (var name in team)
{
    await HostAsync(name);
}

// Spawn: each answer comes at once, and all three are at work.
var spawned = await Task.WhenAll(team.Select(name => owner.Sessions.SpawnAsync(new SpawnRequest(name, "Plan the invoice service", Label: $"plan of {name}"))));
Console.WriteLine($"{spawned.Length} sessions are at work");

// Monitor: a read may wait for the end of its session, so that nobody has to ask again and again.
var ended = new List<SessionDetailsView>();
await foreach (var session in Task.WhenEach(spawned.Select(answer => owner.Sessions.WaitAsync(answer.SessionKey))))
{
    ended.Add(await session);
    Console.WriteLine($"{ended[^1].Session.AgentId}: {ended[^1].Session.Status}");
}

// Harvest: what each of them said, and what it took.
foreach (var details in ended.OrderBy(details => Array.IndexOf(team, details.Session.AgentId)))
{
    Console.WriteLine($"\n{details.Session.AgentId} ({details.Session.Runtime}, {details.Session.Tokens} tokens):\n{details.Result}");
}

Console.WriteLine($"\ntogether: {ended.Sum(details => details.Session.Tokens)} tokens, ${ended.Sum(details => details.Session.Cost):0.00}");
return ended.TrueForAll(details => details.Session.Status == "completed") ? 0 : 1;

async Task HostAsync(string name)
{
    try
    {
        await owner.Agents.AddAsync(new AddAgentRequest(name));
        await owner.Hosting.HostAsync(name, new HostRequest("demo/specialist"));
    }
    catch (ParleyException error) when (error.Code == "conflict")
    {
        Console.WriteLine($"{name} is there already");
    }
}
