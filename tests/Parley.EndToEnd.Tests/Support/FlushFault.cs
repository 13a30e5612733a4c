namespace Parley.EndToEnd.Tests.Support;

/// <summary>
/// What happens to the flushes (<c>fsync</c>, <c>fdatasync</c>) of a process. strace counts each thread by itself:
/// "the second flush" is the second one of any one thread, which is exact where one thread does the writing.
/// </summary>
public sealed record FlushFault(string Action)
{
    /// <summary>Only the n-th flush fails with an input/output error.</summary>
    public static FlushFault Fail(int nth) => new($"error=EIO:when={nth}");

    /// <summary>Every flush from the n-th on fails.</summary>
    public static FlushFault FailFrom(int nth) => new($"error=EIO:when={nth}+");

    /// <summary>Every flush fails because the disk is full.</summary>
    public static FlushFault Full { get; } = new("error=ENOSPC");

    /// <summary>The process is killed when it asks for its n-th flush, before the flush happens.</summary>
    public static FlushFault Kill(int nth) => new($"signal=KILL:when={nth}");

    /// <summary>Every flush takes that much longer.</summary>
    public static FlushFault Delay(TimeSpan by) => new($"delay_enter={(long)by.TotalMicroseconds}");
}
