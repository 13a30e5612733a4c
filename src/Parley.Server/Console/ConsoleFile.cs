using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Parley.Server.Console;

/// <summary>A file of the console in this program, plain and compressed.</summary>
/// <param name="resource">Its name in the program.</param>
/// <param name="hasBrotli">Whether it is there compressed with brotli.</param>
/// <param name="hasGzip">Whether it is there compressed with gzip.</param>
internal sealed class ConsoleFile(string resource, bool hasBrotli, bool hasGzip)
{
    private readonly ConcurrentDictionary<string, byte[]> read = new();

    public string ContentType { get; } = Path.GetExtension(resource) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".woff2" => "font/woff2",
        ".webmanifest" or ".json" => "application/json",
        _ => "application/octet-stream",
    };

    /// <summary><c>br</c>, <c>gzip</c>, or empty for the file as it is.</summary>
    public string EncodingFor(StringValues accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList([.. accepted!], out var values))
        {
            return "";
        }

        return hasBrotli && Takes("br") ? "br" : hasGzip && Takes("gzip") ? "gzip" : "";

        bool Takes(string encoding) => values.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
    }

    public byte[] Read(string encoding) => read.GetOrAdd(encoding, _ =>
    {
        var name = resource + encoding switch { "br" => ".br", "gzip" => ".gz", _ => "" };
        using var stream = typeof(ConsoleFile).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    });
}
