using System.Text.Json.Nodes;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Tasks;

namespace Parley.Server.Mcp;

/// <summary>A page of an inbox as a model reads it.</summary>
internal sealed class InboxAnswers(ReadMessages messages, ReadAskedTasks tasks, IDatabase database)
{
    /// <summary>The page with the cursor that acknowledges it; <paramref name="from"/> is the number it was asked from, null for the cursor's.</summary>
    public async Task<JsonObject> OfAsync(Caller caller, InboxView view, long? from, CancellationToken cancellationToken)
    {
        var end = view.Items.Count > 0 ? view.Items[^1].Number : from ?? view.State.Cursor;
        var asked = await tasks.RunAsync(caller, view.Items.Select(item => item.Message), cancellationToken);
        var shown = new JsonArray();
        foreach (var item in view.Items)
        {
            shown.Add((JsonNode)(asked.TryGetValue(item.Message.Id, out var task)
                ? MessageAnswers.Of(item, task)
                : MessageAnswers.Of(item, await QuestionAsync(caller, item.Message, cancellationToken))));
        }

        return new JsonObject { ["messages"] = shown, ["cursor"] = new Cursor(database.Epoch, end).ToString(), ["more"] = view.State.Head - end };
    }

    /// <summary>The number, as the send told it, of what the caller said and this answers.</summary>
    private async Task<long?> QuestionAsync(Caller caller, Message message, CancellationToken cancellationToken)
    {
        try
        {
            return message.ParentId is { } id && await messages.FindAsync(caller, id, cancellationToken) is { } parent && parent.SenderId == caller.Id ? parent.Number : null;
        }
        catch (ParleyError error) when (error.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }
}
