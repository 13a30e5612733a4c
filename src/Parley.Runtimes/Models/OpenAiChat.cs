using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Parley.Runtimes.Models;

/// <summary>The chat client of the OpenAI library as an <see cref="IChatClient"/>: what Parley needs of it and no more.</summary>
/// <param name="chat">The library's client, bound to a model.</param>
/// <param name="oldLimit">True for servers that know the limit of an answer only as <c>max_tokens</c>.</param>
internal sealed class OpenAiChat(ChatClient chat, bool oldLimit) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var calls = new CallParts();
        await foreach (var part in chat.CompleteChatStreamingAsync(OpenAiPrompt.Of(messages), Translate(options), cancellationToken).ConfigureAwait(false))
        {
            calls.Add(part.ToolCallUpdates);
            List<AIContent> contents = [.. part.ContentUpdate.Where(piece => !string.IsNullOrEmpty(piece.Text)).Select(piece => new TextContent(piece.Text))];
            if (!string.IsNullOrEmpty(part.RefusalUpdate))
            {
                contents.Add(new TextContent(part.RefusalUpdate));
            }

            if (part.Usage is { } usage)
            {
                contents.Add(new UsageContent(Count(usage)));
            }

            if (contents.Count > 0 || part.FinishReason is not null)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, contents) { FinishReason = Reason(part.FinishReason) };
            }
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [.. calls.Whole()]);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private ChatCompletionOptions Translate(ChatOptions? options)
    {
        var translated = new ChatCompletionOptions();
        if (oldLimit && options?.MaxOutputTokens is { } most)
        {
#pragma warning disable SCME0001 // The one way that the library has to a field which it does not know.
            translated.Patch.Set("$.max_tokens"u8, most);
#pragma warning restore SCME0001
        }
        else
        {
            translated.MaxOutputTokenCount = options?.MaxOutputTokens;
        }

        foreach (var tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            translated.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        }

        return translated;
    }

    private static UsageDetails Count(ChatTokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
    };

    private static ChatFinishReason? Reason(OpenAI.Chat.ChatFinishReason? reason) => reason switch
    {
        null => null,
        OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
        OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop,
    };
}
