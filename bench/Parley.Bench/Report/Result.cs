namespace Parley.Bench.Report;

/// <summary>What one system did in one work. The rate is in the work's own unit a second; latencies run from the send call to the receipt. What other programs took of the CPU makes the figures worse.</summary>
sealed record Result(
    string Work,
    string System,
    double Rate,
    double P50Milliseconds,
    double P99Milliseconds,
    double ServerCpuSeconds,
    double GeneratorCpuSeconds,
    double OtherCpuSeconds,
    double ServerCpuMicrosecondsEach,
    double ServerPeakMegabytes,
    double DatabaseCpuSeconds);
