using System.CommandLine;
using System.Globalization;
using Parley.Cli.Running;
using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley run</c>: any program as an agent.</summary>
internal static class RunCommand
{
    /// <summary>What shells answer for a program that is not there.</summary>
    private const int NoProgram = 127;

    private static readonly Argument<string[]> Words = new("program") { Description = "The program and its arguments, behind '--'.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Days = new("--days") { Description = "After how many days its token ends at the latest, 1 to 30 (default 1). It ends with the program.", HelpName = "N", DefaultValueFactory = _ => 1 };

    public static Command Build() =>
        new ParleyCommand(
            "run", "Run a program as an agent: it gets PARLEY_URL, PARLEY_AGENT and a PARLEY_TOKEN that ends with it, keeps the terminal, and is shown as busy, idle or gone.",
            "parley run --as tesla -- claude", "parley run --as aaron -- ./my-agent --verbose", "parley run --as ada -- bash")
        {
            OwnsSignals = true,
            Arguments = { Words },
            Options = { Days },
        }.Does(RunAsync);

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Get(Days) is < 1 or > 30)
        {
            throw Refusal.Wrong("A token of a run lasts 1 to 30 days.", "Give --days 1 to 30.", "days");
        }

        var (secret, issued) = await TokenAsync(invocation, cancellation).ConfigureAwait(false);
        using var client = new ParleyClient(invocation.Credentials.Server, secret);
        try
        {
            var me = await client.Tokens.WhoAmIAsync(cancellation).ConfigureAwait(false);
            using var process = ChildProcess.Start(invocation.Get(Words)!, new Dictionary<string, string>
            {
                ["PARLEY_URL"] = invocation.Credentials.Server.AbsoluteUri.TrimEnd('/'), ["PARLEY_AGENT"] = me.Name, ["PARLEY_TOKEN"] = secret,
            });
            if (process is null)
            {
                return invocation.Screen.Error($"The program '{invocation.Get(Words)![0]}' cannot be started.", "Check its name, and whether it may be run.", NoProgram);
            }

            using var over = new CancellationTokenSource();
            var report = new ActivityReport(client, process);
            var reporting = report.RunAsync(over.Token);
            var code = await ChildProcess.WaitAsync(process).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await report.SayAsync("gone", CancellationToken.None).ConfigureAwait(false);
            return code;
        }
        finally
        {
            await EndAsync(invocation, issued).ConfigureAwait(false);
        }
    }

    /// <summary>A token for this run, issued by the person; without a person the agent's own.</summary>
    private static async Task<(string Secret, Guid? Issued)> TokenAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.RequireAgent();
        if (Credentials.FromEnvironment is not null)
        {
            return (await invocation.TokenOfAgentAsync(cancellation).ConfigureAwait(false), null);
        }

        var request = new IssueTokenRequest(Agent: invocation.Agent, Label: string.Create(CultureInfo.InvariantCulture, $"run {Environment.ProcessId} on {Environment.MachineName}"), ExpiresInDays: invocation.Get(Days));
        var issued = await invocation.ConnectAsPerson().Tokens.IssueAsync(request, cancellation).ConfigureAwait(false);
        return (issued.Secret, issued.Token.Id);
    }

    private static async Task EndAsync(Invocation invocation, Guid? issued)
    {
        try
        {
            if (issued is { } id)
            {
                await invocation.ConnectAsPerson().Tokens.RevokeAsync(id, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (ParleyException fault)
        {
            invocation.Screen.Note($"The token of this run could not be revoked and ends by itself: {fault.Message}");
        }
    }
}
