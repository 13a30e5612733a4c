using System.Globalization;

namespace Parley.Core;

/// <summary>Numbers of bytes as people read them, everywhere alike.</summary>
public static class ByteSize
{
    /// <summary>The size in the largest unit that it fills (B, KiB, MiB, GiB), with one decimal where it has one.</summary>
    public static string Text(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.#} GiB"),
    };
}
