using System.Text;
using Parley.Core.Budgets;

namespace Parley.Core.Turns;

/// <summary>Makes the request of a turn's next step, and says what it may use at most.</summary>
internal static class ModelRequest
{
    /// <summary>
    /// Bytes that are taken for one token where a call is reserved. Fewer than any text of everyday language needs, so that a call rarely uses more than was reserved.
    /// </summary>
    private const int BytesPerToken = 3;

    /// <summary>The request after the steps that were answered. The last step a turn may have gets no tools, so that it ends.</summary>
    public static RuntimeRequest Next(TurnRun run, Prompt prompt, IReadOnlyList<ToolDefinition> tools, bool last)
    {
        var messages = prompt.Messages.ToList();
        if (string.Join("\n\n", run.Joined.Where(joined => joined.Step == 0).Select(joined => Blocks.Of(joined.Item.Message, prompt.Mark, prompt.Longest))) is { Length: > 0 } steered)
        {
            // A program was told of it in the middle of a step that has failed.
            messages[^1] = PromptMessage.User($"{messages[^1].Text}\n\n{steered}");
        }

        foreach (var step in run.Steps)
        {
            messages.Add(PromptMessage.Assistant(step.Answer.Text, step.Answer.ToolCalls));
            messages.AddRange(step.Answer.ToolCalls.Select((call, i) => PromptMessage.Tool(call.Id, step.Results![i].Text)));
            var followup = run.Joined.Where(joined => joined.Step == step.Number + 1).Select(joined => Blocks.Of(joined.Item.Message, prompt.Mark, prompt.Longest));
            if (string.Join("\n\n", followup.Prepend(step.Followup ?? "").Where(text => text.Length > 0)) is { Length: > 0 } told)
            {
                messages.Add(PromptMessage.User(told));
            }
        }

        return new RuntimeRequest(
            run.Turn.Model, prompt.Persona, prompt.Instructions, messages, last ? [] : tools, run.Hosted.MaxOutputTokens, run.Hosted.TimeLimit);
    }

    /// <summary>What the call may use.</summary>
    public static Amount MostOf(RuntimeRequest request, Price? price)
    {
        var bytes = Size(request.Persona) + Size(request.Instructions)
            + request.Messages.Sum(message => Size(message.Text) + message.ToolCalls.Sum(call => Size(call.Name) + Size(call.Arguments)))
            + request.Tools.Sum(tool => Size(tool.Name) + Size(tool.Description) + Size(tool.Schema));
        var input = (bytes + BytesPerToken - 1) / BytesPerToken;
        // The dearest case: all of it is written into the provider's cache.
        var most = new Usage(input, 0, request.MaxOutputTokens, price?.WrittenInput > price?.Input ? input : 0);
        return new Amount(most.Total, price?.Of(most) ?? 0);
    }

    private static long Size(string text) => Encoding.UTF8.GetByteCount(text);
}
