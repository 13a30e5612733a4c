using System.Diagnostics;
using System.Numerics;

namespace Parley.Bench.Report;

/// <summary>Counts durations in buckets that double every 32 steps: each is at most 3 % wide. One writer at a time.</summary>
sealed class Histogram
{
    const int StepBits = 5;
    const int Steps = 1 << StepBits;
    const int Octaves = 32;

    readonly int[] counts = new int[Octaves * Steps];

    public long Count => counts.Sum(count => (long)count);

    public void Add(long stopwatchTicks)
    {
        var microTenths = Math.Max(0, stopwatchTicks) * 10_000_000L / Stopwatch.Frequency;
        counts[BucketOf(microTenths)]++;
    }

    public void Add(Histogram other)
    {
        for (var bucket = 0; bucket < counts.Length; bucket++)
            counts[bucket] += other.counts[bucket];
    }

    /// <summary>The duration, in milliseconds, that the given share of all durations does not exceed.</summary>
    public double Milliseconds(double share)
    {
        var total = Count;
        var rank = (long)Math.Ceiling(total * share);
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            rank -= counts[bucket];
            if (rank <= 0 && total > 0)
                return MiddleOf(bucket) / 10_000;
        }

        return double.NaN;
    }

    static int BucketOf(long value)
    {
        if (value < Steps)
            return (int)value;
        var octave = BitOperations.Log2((ulong)value) - StepBits;
        var bucket = ((octave + 1) << StepBits) + (int)((value >> octave) - Steps);
        return Math.Min(bucket, Octaves * Steps - 1);
    }

    static double MiddleOf(int bucket)
    {
        if (bucket < Steps)
            return bucket;
        var octave = (bucket >> StepBits) - 1;
        return (Steps + (bucket & (Steps - 1)) + 0.5) * Math.Pow(2, octave);
    }
}
