using System.Collections.Concurrent;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Server.Live;

namespace Parley.Server.Console;

/// <summary>Counts the messages that this node accepted in the last minutes, for each organization.</summary>
internal sealed class MessageRate(TimeProvider time) : IWakeListener
{
    private const int StepSeconds = 5;
    private const int Steps = 120;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(StepSeconds);
    private readonly long began = time.GetTimestamp();
    private readonly ConcurrentDictionary<Guid, Ring> rings = new();

    private long Now => time.GetElapsedTime(began).Ticks / Step.Ticks;

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        if (hint.Message is not null)
        {
            rings.GetOrAdd(hint.OrganizationId, static _ => new Ring()).Count(Now);
        }
    }

    public MessageRateView Of(Guid organizationId) => new(StepSeconds, rings.TryGetValue(organizationId, out var ring) ? ring.UpTo(Now) : new int[Steps]);

    private sealed class Ring
    {
        private readonly Lock gate = new();
        private readonly int[] counts = new int[Steps];
        private long last;

        public void Count(long step)
        {
            lock (gate)
            {
                MoveTo(step);
                counts[step % Steps]++;
            }
        }

        public int[] UpTo(long step)
        {
            lock (gate)
            {
                MoveTo(step);
                return [.. Enumerable.Range(1, Steps).Select(i => counts[(step + i) % Steps])];
            }
        }

        private void MoveTo(long step)
        {
            for (var i = Math.Max(last + 1, step - Steps + 1); i <= step; i++)
            {
                counts[i % Steps] = 0;
            }

            last = Math.Max(last, step);
        }
    }
}
