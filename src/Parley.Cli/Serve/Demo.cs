using Parley.Cli.Config;
using Parley.Cli.Meetings;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Serve;

/// <summary>A first meeting without any key or network: three agents on demonstration models, and a question that makes them ask each other.</summary>
internal static class Demo
{
    public const string Meeting = "demo";
    private const string Question = "Should we launch next month?";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly (string Name, string Description)[] Cast =
    [
        ("ceo", "decides what is done, and when"), ("cto", "knows what is built and what is missing"), ("cfo", "knows what it costs and what it brings"),
    ];

    /// <summary>Creates what is missing, holds the meeting where it was not held yet, and says how to go on.</summary>
    public static async Task RunAsync(string url, DataFolder folder, LoadedConfig config, Screen screen, CancellationToken cancellation)
    {
        using var client = new ParleyClient(new ParleyClientOptions { Server = new Uri(url), Token = folder.ReadOwnerSecret(), GenerateKeys = false });
        var known = (await client.Agents.ListAsync(cancellation).ConfigureAwait(false)).Items.Select(agent => agent.Name).ToHashSet();
        foreach (var (name, description) in Cast.Where(member => !known.Contains(member.Name)))
        {
            await AddAsync(client, name, description, $"demo/{name}", cancellation).ConfigureAwait(false);
        }

        await Standup.PrepareAsync(client, known, config, screen, cancellation).ConfigureAwait(false);

        var meeting = await FindAsync(client, cancellation).ConfigureAwait(false)
            ?? await client.Meetings.StartAsync(new StartMeetingRequest([.. Cast.Select(member => member.Name)], Topic: "The launch", Name: Meeting), cancellation).ConfigureAwait(false);
        if (meeting.Head == 0 && !screen.IsJson)
        {
            screen.Line($"A first meeting of {RoomText.Names(Cast.Select(member => member.Name))}. The models are a demonstration: no language model is asked.");
            screen.Line();
            await Run.RunAsync(screen, client, meeting, Question, RunEnding.Done, Patience, cancellation).ConfigureAwait(false);
        }

        if (!screen.IsJson)
        {
            screen.Say($"Go on with it in another terminal: parley meeting resume {Meeting}{(folder.IsDefault ? "" : $" --data {folder.Path}")}");
            screen.Flush();
        }
    }

    /// <summary>Adds an agent that Parley runs on a demonstration model.</summary>
    internal static async Task AddAsync(ParleyClient client, string name, string description, string model, CancellationToken cancellation)
    {
        await client.Agents.AddAsync(new AddAgentRequest(name, Description: description), cancellation).ConfigureAwait(false);
        await client.Hosting.HostAsync(name, new HostRequest(model), cancellation).ConfigureAwait(false);
    }

    private static async Task<MeetingView?> FindAsync(ParleyClient client, CancellationToken cancellation)
    {
        try
        {
            return await client.Meetings.FindAsync(Meeting, cancellation).ConfigureAwait(false);
        }
        catch (ParleyException refusal) when (refusal.Code == "not_found")
        {
            return null;
        }
    }
}
