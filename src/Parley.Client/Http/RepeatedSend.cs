namespace Parley.Client.Http;

/// <summary>Repeats a send with its key until it is known what became of it.</summary>
internal static class RepeatedSend
{
    /// <summary>Throws <c>outcome_unknown</c> where an answer was lost and no later one tells whether the message was stored; any other error means that nothing was.</summary>
    public static async Task<T> RunAsync<T>(Api api, string? key, Func<Task<T>> attempt, CancellationToken cancellation)
    {
        var backoff = new Backoff(api.Options.Time, api.Options.RetryFor);
        var lost = false;
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (ParleyException error)
            {
                lost |= error.Code == ParleyException.OutcomeUnknown;
                if (key is null || !MayRepeat(api, error) || !backoff.TryNext(error.RetryAfter, out var wait))
                {
                    // A refusal of the repetition is no proof: the first attempt may have been stored, or be about to be.
                    throw lost ? ParleyException.UnknownSend(key, error) : error;
                }

                await Task.Delay(wait, api.Options.Time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A limit of a link or token (429) is an answer that the sender has to hear, not a reason to wait.</summary>
    private static bool MayRepeat(Api api, ParleyException error) => error.Problem.Status != 429 && api.MayRepeat(error);
}
