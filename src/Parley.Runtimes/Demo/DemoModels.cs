using Parley.Core.Turns;
using Parley.Runtimes.Models;

namespace Parley.Runtimes.Demo;

/// <summary>The built-in models: fixed rules, no network, the same answer to the same prompt. They speak word by word like the others.</summary>
internal sealed class DemoModels(RuntimeOptions options, TimeProvider time)
{
    private const int CharactersOfToken = 4;

    /// <summary>The models after <c>demo/</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["echo", "ceo", "cto", "cfo", "team", "ghost", "specialist"];

    public async Task<RuntimeAnswer> AskAsync(ModelName name, RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        var prompt = DemoPrompt.Read(request);
        var reply = name.Model switch
        {
            "echo" => DemoEcho.Answer(prompt),
            "ceo" or "cto" or "cfo" => new DemoReply(DemoBoard.Answer(prompt, name.Model)),
            "team" => new DemoReply(DemoTeam.Answer(prompt)),
            "ghost" => DemoGhost.Answer(prompt, request),
            "specialist" => new DemoReply(DemoSpecialist.Answer(prompt, request)),
            _ => throw new RuntimeFault(RuntimeFaultKind.UnknownModel, $"There is no demonstration model '{name.Model}'. See: parley models."),
        };
        var most = (long)request.MaxOutputTokens * CharactersOfToken;
        var text = Signed(reply, prompt);
        var cut = text.Length > most;
        text = cut ? text[..(int)most] : text;
        await SayAsync(text, request.TimeLimit, onText, cancellationToken).ConfigureAwait(false);
        return new RuntimeAnswer(text, reply.Calls, Count(request, text, reply.Calls), cut ? FinishReason.Length : reply.Calls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop);
    }

    /// <summary>Whoever reads the first answer of a conversation must not take it for that of a language model.</summary>
    private static string Signed(DemoReply reply, DemoPrompt prompt) =>
        prompt.Signed || reply.Text.Length == 0 || reply.Text == DemoReply.Pass ? reply.Text : $"{reply.Text}\n{DemoReply.Signature}";

    private async Task SayAsync(string text, TimeSpan limit, Action<string> onText, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        for (var start = 0; start < text.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var blank = text.IndexOf(' ', start);
            var end = blank < 0 ? text.Length : blank + 1;
            onText(text[start..end]);
            start = end;
            if (options.DemoPause > TimeSpan.Zero)
            {
                await PauseAsync(late, either.Token, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task PauseAsync(CancellationTokenSource late, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.DemoPause, time, either).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RuntimeFault(RuntimeFaultKind.Timeout, "demo has not answered within the time limit.");
        }
    }

    private static Usage Count(RuntimeRequest request, string text, IReadOnlyList<ToolCall> calls) => new(
        Tokens(request.Persona.Length + request.Instructions.Length + request.Messages.Sum(message => message.Text.Length) + request.Tools.Sum(tool => tool.Schema.Length)),
        0,
        Tokens(text.Length + calls.Sum(call => call.Arguments.Length)));

    private static long Tokens(int characters) => (characters + CharactersOfToken - 1) / CharactersOfToken;
}
