using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Parley.Server.Console;

/// <summary>
/// The console's files, built into this program. What the build has named by its content is kept by browsers for good; the page itself is asked for each
/// time and carries a number, used once, by which its policy knows its own style sheets.
/// </summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";
    private const string Page = "index.html";
    private const string NoncePlace = "__NONCE__";

    private const string Missing =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Parley</title>
        <h1>Parley runs; its console is not in this build.</h1>
        <p>Install <b>Node 20.19</b> or newer and build again: <code>dotnet build</code>. In a checkout <code>./parley up</code> does it by itself.
        <p>Everything works without it too: the <a href="/docs">API</a>, and on the command line <code>parley --help</code>.
        """;

    /// <summary>The first parts of the addresses at which the console shows a page of its own.</summary>
    private static readonly FrozenSet<string> Pages = new[]
    {
        "", "sign-in", "agents", "conversations", "sessions", "meetings", "roots", "schedules", "network", "admin",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, ConsoleFile> files;
    private readonly string? page;

    public ConsoleFiles()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        files = names.Where(name => !name.EndsWith(".br", StringComparison.Ordinal) && !name.EndsWith(".gz", StringComparison.Ordinal))
            .ToFrozenDictionary(name => "/" + name[Prefix.Length..], name => new ConsoleFile(name, names.Contains(name + ".br"), names.Contains(name + ".gz")), StringComparer.Ordinal);
        page = files.TryGetValue("/" + Page, out var index) ? Encoding.UTF8.GetString(index.Read("")) : null;
    }

    /// <summary>Answers what is the console's, and hands on the rest.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "/";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return next(context);
        }

        if (path != "/" + Page && files.TryGetValue(path, out var file))
        {
            return SendAsync(context, file, immutable: path.StartsWith("/assets/", StringComparison.Ordinal));
        }

        return IsPage(path) ? SendPageAsync(context) : next(context);
    }

    private static bool IsPage(string path)
    {
        var rest = path.AsSpan(1);
        var end = rest.IndexOf('/');
        return Pages.GetAlternateLookup<ReadOnlySpan<char>>().Contains(end < 0 ? rest : rest[..end]);
    }

    private Task SendPageAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        response.Headers.ContentSecurityPolicy = Policy(nonce);
        return SendAsync(context, Encoding.UTF8.GetBytes(page?.Replace(NoncePlace, nonce, StringComparison.Ordinal) ?? Missing));
    }

    private static Task SendAsync(HttpContext context, ConsoleFile file, bool immutable)
    {
        var (request, response) = (context.Request, context.Response);
        var encoding = file.EncodingFor(request.Headers.AcceptEncoding);
        response.ContentType = file.ContentType;
        response.Headers.CacheControl = immutable ? "public, max-age=31536000, immutable" : "public, max-age=3600";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (encoding.Length > 0)
        {
            response.Headers.ContentEncoding = encoding;
        }

        return SendAsync(context, file.Read(encoding));
    }

    private static Task SendAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>Only this server's own files run, style and are asked; nothing is embedded, nothing framed, nothing sent elsewhere.</summary>
    private static string Policy(string nonce) =>
        $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
}
