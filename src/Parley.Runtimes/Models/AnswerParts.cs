using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Parley.Core.Turns;

namespace Parley.Runtimes.Models;

/// <summary>An answer that comes in pieces, put together.</summary>
internal sealed class AnswerParts
{
    /// <summary>What no honest answer reaches; a server that never ends must not fill the memory.</summary>
    private const int MostCharacters = 4 * 1024 * 1024;

    private const int CharactersOfToken = 4;

    /// <summary>How Anthropic's library names the input tokens that were written into its cache; it counts them as input too.</summary>
    private const string Written = "CacheCreationInputTokens";
    private readonly StringBuilder _text = new();
    private readonly List<ToolCall> _calls = [];
    private UsageDetails? _usage;
    private ChatFinishReason? _finish;

    public bool Ended => _finish is not null;

    public bool TooLong => _text.Length > MostCharacters;

    /// <summary>Takes the next piece and returns the text in it.</summary>
    public string Add(ChatResponseUpdate update)
    {
        _finish = update.FinishReason ?? _finish;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case FunctionCallContent call:
                    _calls.Add(new ToolCall(call.CallId, call.Name, Arguments(call)));
                    break;
                case UsageContent usage:
                    _usage = Newest(_usage, usage.Details);
                    break;
            }
        }

        var text = update.Text;
        _text.Append(text);
        return text;
    }

    public RuntimeAnswer Whole(RuntimeRequest request) =>
        new(_text.ToString(), _calls, _usage is null ? Estimate(request) : Count(_usage), Reason());

    // The last count of a stream is the whole; a field that it leaves out stands in an earlier one.
    private static UsageDetails Newest(UsageDetails? before, UsageDetails now) => new()
    {
        InputTokenCount = Larger(before?.InputTokenCount, now.InputTokenCount),
        CachedInputTokenCount = Larger(before?.CachedInputTokenCount, now.CachedInputTokenCount),
        OutputTokenCount = Larger(before?.OutputTokenCount, now.OutputTokenCount),
        AdditionalCounts = new() { [Written] = Larger(WrittenOf(before), WrittenOf(now)) ?? 0 },
    };

    private static long? WrittenOf(UsageDetails? usage) => usage?.AdditionalCounts?.TryGetValue(Written, out var count) == true ? count : null;

    private static long? Larger(long? one, long? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);

    private static Usage Count(UsageDetails usage)
    {
        var (input, cached, written) = (Math.Max(0, usage.InputTokenCount ?? 0), Math.Max(0, usage.CachedInputTokenCount ?? 0), Math.Max(0, WrittenOf(usage) ?? 0));
        return new Usage(Math.Max(input, cached + written), cached, Math.Max(0, usage.OutputTokenCount ?? 0), written);
    }

    /// <summary>For servers that count nothing: four characters are a token.</summary>
    private Usage Estimate(RuntimeRequest request)
    {
        var input = request.Persona.Length + request.Instructions.Length + request.Messages.Sum(message => message.Text.Length) + request.Tools.Sum(tool => tool.Schema.Length);
        var output = _text.Length + _calls.Sum(call => call.Arguments.Length);
        return new Usage((input + CharactersOfToken - 1) / CharactersOfToken, 0, (output + CharactersOfToken - 1) / CharactersOfToken);
    }

    private FinishReason Reason() => _finish switch
    {
        _ when _finish == ChatFinishReason.Length => FinishReason.Length,
        _ when _finish == ChatFinishReason.ContentFilter => FinishReason.Filtered,
        _ when _calls.Count > 0 => FinishReason.ToolCalls,
        _ => FinishReason.Stop,
    };

    private static string Arguments(FunctionCallContent call) => call switch
    {
        WrittenCall written => written.Json,
        // The library keeps no text of arguments that it could not read; empty text is no JSON either and says so to the caller.
        { Exception: not null } => "",
        { Arguments: null } => "{}",
        _ => JsonSerializer.Serialize(call.Arguments),
    };
}
