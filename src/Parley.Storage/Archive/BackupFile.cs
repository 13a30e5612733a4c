using Parley.Core;

namespace Parley.Storage.Archive;

/// <summary>
/// The form of a backup: gzipped JSON Lines. A header; for each table a line with its columns and one array a row, bytes as base64; last
/// the numbers of rows and the SHA-256 of every byte before that line, without which the file is not complete.
/// </summary>
internal static class BackupFile
{
    public const int Version = 1;

    /// <summary>Far above the longest row that Parley can store.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    public static ReadOnlySpan<byte> Trailer => "{\"rows\":"u8;

    public static ParleyError Damaged(string what, Exception? cause = null) => new(
        ErrorCode.InvalidRequest, $"The file is no complete backup: {what}. Nothing was changed.", "Hand in a file exactly as 'parley backup' wrote it.", cause) { Field = "backup" };

    public static ParleyError Impossible(string why, string fix) => new(ErrorCode.InvalidRequest, $"{why} Nothing was changed.", fix) { Field = "backup" };

    public static string NameOf(ValueKind kind) => kind switch
    {
        ValueKind.Integer => "integer",
        ValueKind.Real => "real",
        ValueKind.Text => "text",
        _ => "bytes",
    };

    public static ValueKind KindOf(string? name) => name switch
    {
        "integer" => ValueKind.Integer,
        "real" => ValueKind.Real,
        "text" => ValueKind.Text,
        "bytes" => ValueKind.Bytes,
        _ => throw Damaged($"it has a column of the unknown kind '{name}'"),
    };
}
