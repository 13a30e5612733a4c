using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Parley.Tests.Storage.Maintenance;

/// <summary>A backup with other content but a right checksum, as another version of Parley might have written it.</summary>
internal static partial class BackupEdit
{
    public static MemoryStream Rewrite(Stream backup, Func<string, string> edit)
    {
        using var reader = new StreamReader(new GZipStream(backup, CompressionMode.Decompress));
        var text = edit(reader.ReadToEnd());
        var trailer = text.LastIndexOf("{\"rows\":", StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[..trailer])));
        var edited = new MemoryStream();
        using (var gzip = new GZipStream(edited, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text[..trailer] + Checksum().Replace(text[trailer..], $"\"sha256\":\"{hash}\"")));
        }

        edited.Position = 0;
        return edited;
    }

    [GeneratedRegex("\"sha256\":\"[0-9a-f]+\"")]
    private static partial Regex Checksum();
}
