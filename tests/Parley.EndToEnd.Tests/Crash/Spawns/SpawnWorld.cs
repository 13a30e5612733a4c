using Parley.Client;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>Parents from outside that spawn sub-agents until each was acknowledged, however often the server dies meanwhile.</summary>
internal sealed class SpawnWorld(ServerProcess server, FakeModels models, IReadOnlyList<Member> parents)
{
    private const int Parents = 8;
    private const int Workers = 4;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public SpawnLedger Ledger { get; } = new();

    /// <summary>Model calls that have no answer yet.</summary>
    public int UnderWay => models.Requests.Count(request => !request.Answered.IsRaised && !request.Gone.IsRaised);

    /// <summary>Says in the data folder's <c>parley.json</c> what agents may do in this world.</summary>
    public static void Configure(string data, int maxConcurrent)
    {
        Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(
            Path.Combine(data, "parley.json"),
            $$$"""{ "agents": { "defaults": { "subagents": { "allowAgents": ["*"], "maxChildrenPerAgent": 10, "maxConcurrent": {{{maxConcurrent}}} } } } }""");
    }

    public static async Task<SpawnWorld> CreateAsync(ServerProcess server, FakeModels models)
    {
        using var owner = server.Owner();
        for (var number = 0; number < Workers; number++)
        {
            await owner.Agents.AddAsync(new AddAgentRequest($"worker{number}"));
            await owner.Hosting.HostAsync($"worker{number}", new HostRequest("local/small"));
        }

        var parents = new List<Member>();
        for (var number = 0; number < Parents; number++)
        {
            await owner.Agents.AddAsync(new AddAgentRequest($"parent{number}"));
            parents.Add(new Member($"parent{number}", (await owner.Tokens.IssueAsync(new IssueTokenRequest($"parent{number}"))).Secret, BySocket: false));
        }

        return new SpawnWorld(server, models, parents);
    }

    /// <summary>Spawns so many in all, of each kind of work in turn; ends when each is acknowledged.</summary>
    public Task SpawnAsync(int count, CancellationToken stopped) => SpawnAsync(count, number => ((Work)(number % 5), $"worker{number % Workers}"), stopped);

    /// <summary>Spawns so many in all; a parent's number says what is spawned, and whom.</summary>
    public Task SpawnAsync(int count, Func<int, (Work Work, string Worker)> plan, CancellationToken stopped) =>
        Task.WhenAll(parents.Select((parent, index) => SpawnAsync(parent, (count / Parents) + (index < count % Parents ? 1 : 0), plan, stopped)));

    /// <summary>Ends when no session is open.</summary>
    public async Task EndedAsync(CancellationToken stopped)
    {
        using var owner = server.Owner();
        while ((await Patiently.AskAsync(() => owner.Sessions.ListAsync(active: true, limit: 1, cancellation: stopped), stopped)).Items.Count > 0)
        {
            await Task.Delay(s_pause, TimeProvider.System, stopped);
        }
    }

    /// <summary>Reads every parent's inbox to its end.</summary>
    public async Task ReadAsync(CancellationToken stopped)
    {
        foreach (var parent in parents)
        {
            using var client = ClientOf(parent);
            var cursor = "0";
            while (await client.Inbox.ReadAsync(cursor, limit: 100, cancellation: stopped) is { Items.Count: > 0 } page)
            {
                foreach (var message in page.Items)
                {
                    var facts = message.Metadata?.GetProperty("parley.session");
                    message.MessageType.ShouldBe("result");
                    Ledger.Results.Enqueue(new ReadResult(parent.Name, message.InboxNumber!.Value, facts?.GetProperty("sessionKey").GetString()!, facts?.GetProperty("status").GetString()!));
                }

                cursor = page.Cursor;
            }
        }
    }

    private async Task SpawnAsync(Member parent, int count, Func<int, (Work Work, string Worker)> plan, CancellationToken stopped)
    {
        using var client = ClientOf(parent);
        for (var number = 0; number < count; number++)
        {
            var (work, worker) = plan(number);
            var asked = new AskedSpawn(parent.Name, $"{parent.Name}-{number}", work);
            var request = new SpawnRequest(worker, asked.Task, Timeout: asked.Work == Work.Late ? 1 : null, Key: asked.Key);
            var session = await AcknowledgedAsync(client, asked, request, stopped);
            Ledger.Spawned.Increment();
            if (asked.Work == Work.Kill)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(300)), TimeProvider.System, stopped);
                await KillAsync(client, session, stopped);
            }

            if (number % 7 == 0)
            {
                // Answered, and asked again all the same.
                await AcknowledgedAsync(client, asked, request, stopped);
            }
        }
    }

    private async Task<string> AcknowledgedAsync(ParleyClient client, AskedSpawn asked, SpawnRequest request, CancellationToken stopped)
    {
        while (true)
        {
            try
            {
                var answer = await client.Sessions.SpawnAsync(request, stopped);
                Ledger.Acknowledged.Enqueue(new AcknowledgedSpawn(asked, answer.SessionKey));
                return answer.SessionKey;
            }
            catch (ParleyException error) when (Patiently.IsWithoutAnswer(error) || Patiently.MayPass(error) || error.Code == "maxChildrenPerAgent")
            {
                if (error.Code == ParleyException.OutcomeUnknown)
                {
                    Ledger.LostAnswer();
                }

                await Task.Delay(s_pause, TimeProvider.System, stopped);
            }
        }
    }

    private static async Task KillAsync(ParleyClient client, string session, CancellationToken stopped)
    {
        try
        {
            await Patiently.AskAsync(() => client.Sessions.KillAsync(session, "it is not needed any more", stopped), stopped);
        }
        catch (ParleyException error) when (error.Code == "session_ended")
        {
            // By itself, or by an earlier try whose answer was lost.
        }
    }

    /// <summary>A client of the first parent.</summary>
    public ParleyClient Client() => ClientOf(parents[0]);

    private ParleyClient ClientOf(Member member) => new(new ParleyClientOptions
    {
        Server = server.Address, Token = member.Secret, GenerateKeys = false, RetryFor = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(20),
    });
}
