using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Tasks;

namespace Parley.Server.Mcp;

/// <summary>The arguments of a send that answers: a message of the own inbox, and what is said of the task that it gave.</summary>
internal sealed class ReplyArguments(ReadInbox inbox, ReadAskedTasks tasks)
{
    /// <summary>The arguments as a tool describes them; the states are those of a task's note everywhere.</summary>
    public const string Properties =
        """ "reply_to":{"type":"integer","description":"n of the message answered"},"task_state":{"type":"string","enum":["working","input_required","auth_required","completed","failed","rejected"],"description":"Of the task that message gave; a plain reply completes it"},"artifact":{"type":"object","description":"Piece of its result: id, name, text, append, last"} """;

    private const string ReplyTo = "reply_to";
    private const string State = "task_state";
    private const string Artifact = "artifact";

    /// <summary>
    /// Sends with what they say and tells how the task is then. Throws <c>invalid_request</c> where they say of a task what cannot be, and <c>not_found</c> for a message that
    /// is not in the inbox.
    /// </summary>
    public async Task<CallToolResult> SendAsync(McpCall call, SendInput input, SendMessage send)
    {
        var (message, task, note) = await ReadAsync(call, input.To!);
        try
        {
            var receipt = await send.RunAsync(call.Caller, input with { ReplyTo = message?.Id, Metadata = note }, call.Cancellation);
            return MessageAnswers.Of(receipt, task is null ? null : (await TaskAsync(call, message!))?.Stage);
        }
        catch (ParleyError error) when (error.Field?.StartsWith("metadata.task.", StringComparison.Ordinal) is true)
        {
            throw ParleyError.Invalid(error.Field.EndsWith(".state", StringComparison.Ordinal) ? State : Artifact, error.Message, error.Fix);
        }
    }

    private async Task<(Message? Message, AskedTask? Task, JsonElement? Note)> ReadAsync(McpCall call, string to)
    {
        var (state, artifact) = (call.Arguments.Text(State), call.Arguments.Object(Artifact));
        var says = state is not null || artifact is not null;
        if (call.Arguments.Number(ReplyTo) is not { } number)
        {
            return says ? throw Wrong("It is not said which task is meant.", "Add reply_to with the n of the message that gave the task.") : default;
        }

        var message = await FindAsync(call, number);
        var task = await TaskAsync(call, message);
        if (!says)
        {
            return (message, task, null);
        }

        if (task is null)
        {
            throw Wrong($"Message {number} gave no task.", "Name the n of a message with 'task', or leave out task_state and artifact.");
        }

        return string.Equals(to.Trim().TrimStart('@'), task.Owner, StringComparison.OrdinalIgnoreCase)
            ? (message, task, Note(task.Id, state, artifact))
            : throw ParleyError.Invalid("to", $"The task was given by {task.Owner}.", $"Send it to {task.Owner}.");
    }

    private async Task<AskedTask?> TaskAsync(McpCall call, Message message) => (await tasks.RunAsync(call.Caller, [message], call.Cancellation)).GetValueOrDefault(message.Id);

    private async Task<Message> FindAsync(McpCall call, long number)
    {
        try
        {
            var found = number < 1 ? null : (await inbox.RunAsync(call.Caller, number - 1, limit: 1, call.Cancellation)).Items;
            return found is [var item] && item.Number == number ? item.Message : throw NotThere(number);
        }
        catch (ParleyError error) when (error.Code == ErrorCode.CursorAhead)
        {
            throw NotThere(number);
        }
    }

    private static JsonElement Note(Guid id, string? state, string? artifact)
    {
        var note = new JsonObject { ["id"] = id.ToString() };
        if (state is not null)
        {
            note["state"] = state;
        }

        if (artifact is not null)
        {
            note["artifact"] = JsonNode.Parse(artifact);
        }

        return JsonSerializer.SerializeToElement(new JsonObject { [TaskNote.Name] = note });
    }

    private static ParleyError NotThere(long number) =>
        new(ErrorCode.NotFound, $"There is no message {number} in your inbox.", "Use the n of a message that check_messages showed.") { Field = ReplyTo };

    private static ParleyError Wrong(string message, string fix) => ParleyError.Invalid(ReplyTo, message, fix);
}
