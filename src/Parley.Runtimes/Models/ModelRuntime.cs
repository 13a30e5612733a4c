using Microsoft.Extensions.AI;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Runtimes.Demo;

namespace Parley.Runtimes.Models;

/// <summary>The runtime <c>model</c>: one streamed call of a language model a step. Nothing is repeated here.</summary>
internal sealed class ModelRuntime(RuntimeOptions options, ChatClients clients, DemoModels demo, TimeProvider time) : IRuntime
{
    public string Name => "model";

    public async Task<RuntimeAnswer> AskAsync(RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        var name = Parse(request.Model);
        return name.Provider == Provider.Demo
            ? await demo.AskAsync(name, request, onText, cancellationToken).ConfigureAwait(false)
            : await AskProviderAsync(name, request, onText, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RuntimeAnswer> AskProviderAsync(ModelName name, RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        using var chat = Client(name);
        using var limits = new CallLimits(request.TimeLimit, options.StallLimit, time, cancellationToken);
        var messages = Prompt.Messages(request, markCache: name.Provider == Provider.Anthropic);
        var answer = new AnswerParts();
        var stream = chat.GetStreamingResponseAsync(messages, Prompt.Options(request, name.Model), limits.Token).GetAsyncEnumerator(limits.Token);
        try
        {
            while (await NextAsync(stream, name, limits, cancellationToken).ConfigureAwait(false))
            {
                limits.Heard();
                if (answer.Add(stream.Current) is { Length: > 0 } text)
                {
                    onText(text);
                }

                if (answer.TooLong)
                {
                    throw new RuntimeFault(RuntimeFaultKind.Refused, $"{name.Provider.Name} does not stop talking; its answer was given up.");
                }
            }
        }
        finally
        {
            await EndAsync(stream).ConfigureAwait(false);
        }

        return answer.Ended
            ? answer.Whole(request)
            : throw new RuntimeFault(RuntimeFaultKind.Transient, $"The stream of {name.Provider.Name} ended in the middle of the answer.");
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> stream, ModelName name, CallLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception) when (limits.Reached is { } reached)
        {
            throw new RuntimeFault(RuntimeFaultKind.Timeout, $"{name.Provider.Name} {reached}.");
        }
        catch (Exception failure)
        {
            throw Faults.Of(failure, name.Provider);
        }
    }

    /// <summary>Ending a stream that has failed may fail again; the first failure is the one that counts.</summary>
    private static async ValueTask EndAsync(IAsyncEnumerator<ChatResponseUpdate> stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            // The answer, or the reason why there is none, is known already.
        }
    }

    private IChatClient Client(ModelName name)
    {
        try
        {
            return clients.Create(name);
        }
        catch (ParleyError error)
        {
            throw new RuntimeFault(RuntimeFaultKind.Unauthenticated, $"{error.Message} {error.Fix}", cause: error);
        }
    }

    private static ModelName Parse(string model)
    {
        try
        {
            return ModelName.Parse(model);
        }
        catch (ParleyError error)
        {
            throw new RuntimeFault(RuntimeFaultKind.UnknownModel, $"{error.Message} {error.Fix}", cause: error);
        }
    }
}
