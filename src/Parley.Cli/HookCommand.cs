using System.CommandLine;
using Parley.Cli.Connect;
using Parley.Cli.Connect.Hooks;
using Parley.Cli.Connect.Programs;
using Parley.Cli.Mcp;
using Parley.Cli.Shell;
using Parley.Client;

namespace Parley.Cli;

/// <summary><c>parley hook</c>: what connected programs run at their own events.</summary>
internal static class HookCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static readonly Argument<string> Program = new("program") { Description = "claude-code, codex, opencode, gemini, cursor or openclaw: whose form the answer has." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait for a message as long as the calling program runs." };

    static HookCommand() => Program.AcceptOnlyFromAmong(ClaudeCode.Name, Codex.Name, OpenCode.Name, Gemini.Name, Cursor.Name, OpenClaw.Name);

    public static Command Build() =>
        new ParleyCommand(
            "hook", "Tell a connected program of new messages, in the form of its own hooks. 'parley connect' writes the calls; nothing is acknowledged.",
            "echo '{\"hook_event_name\":\"Stop\",\"session_id\":\"1\"}' | parley hook codex --as tesla", "parley hook openclaw --as tesla")
        {
            Program, Wait,
        }.Does(RunAsync);

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var program = invocation.Get(Program)!;
        invocation.RequireAgent();
        if (program == OpenClaw.Name)
        {
            return await WakeAsync(invocation, cancellation).ConfigureAwait(false);
        }

        HookAnswer answer;
        try
        {
            answer = await AnswerAsync(invocation, program, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ParleyException or IOException or UnauthorizedAccessException)
        {
            // A server that is away must not keep the program from its work.
            invocation.Screen.Note($"parley: {fault.Message}");
            return ExitCode.Ok;
        }

        if (answer.Output is { } output)
        {
            invocation.Screen.Line(output);
        }

        if (answer.Errors is { } errors)
        {
            invocation.Screen.Note(errors);
        }

        return answer.Code;
    }

    private static async Task<HookAnswer> AnswerAsync(Invocation invocation, string program, CancellationToken cancellation)
    {
        var input = await HookInput.ReadAsync(cancellation).ConfigureAwait(false);
        var agent = invocation.Agent ?? "me";
        var news = new HookNews(invocation.Folder, agent, $"{program} {input.Session ?? Format.Number(HookWait.Parent)}");
        // 'claude -p' runs every hook to its end before it goes on.
        var waits = invocation.Get(Wait) && (program != ClaudeCode.Name || Environment.GetEnvironmentVariable("CLAUDE_CODE_ENTRYPOINT") != "sdk-cli");
        using var door = new McpDoor(invocation);
        if (!waits)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(Patience);
            try
            {
                var found = await news.TakeAsync(await ConnectAsync(late.Token).ConfigureAwait(false), TimeSpan.Zero, late.Token).ConfigureAwait(false);
                return found.Count == 0 ? HookAnswer.Nothing : HookAnswer.Of(program, input.Event, Pointer.Of(agent, found), fromBehind: false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return HookAnswer.Nothing;
            }
        }

        using var claim = HookWait.Claim(invocation.Folder, agent);
        var came = claim is null ? [] : await HookWait.ForAsync(ConnectAsync, news, cancellation).ConfigureAwait(false);
        return came.Count == 0 ? HookAnswer.Nothing : HookAnswer.Of(program, input.Event, Pointer.Of(agent, came), fromBehind: true);

        async Task<ParleyClient> ConnectAsync(CancellationToken token)
        {
            await door.FindAsync(token).ConfigureAwait(false);
            return await invocation.ConnectAsAgentAsync(token).ConfigureAwait(false);
        }
    }

    /// <summary>Goes on until it is stopped: OpenClaw runs nothing of ours by itself.</summary>
    private static async Task<int> WakeAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };
        var wake = GatewayWake.Find(http, ConnectCommand.PlaceOf(isProject: false));
        var client = await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false);
        await foreach (var message in client.Inbox.FollowAsync(cancellation: cancellation).ConfigureAwait(false))
        {
            var text = Pointer.Of(invocation.Agent ?? "me", [message]);
            while (true)
            {
                try
                {
                    await wake.SendAsync(text, cancellation).ConfigureAwait(false);
                    invocation.Screen.Line(text);
                    invocation.Screen.Flush();
                    break;
                }
                catch (HttpRequestException fault)
                {
                    invocation.Screen.Note($"The gateway did not take the wake-up: {fault.Message}");
                    await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(false);
                }
            }
        }

        return ExitCode.Ok;
    }
}
