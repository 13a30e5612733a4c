using System.Collections.Concurrent;
using System.Net;

namespace Parley.EndToEnd.Tests.Console;

/// <summary>A server that nobody should ask: it notes who does.</summary>
internal sealed class Canary : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task answering;

    private Canary(int port)
    {
        Address = $"http://127.0.0.1:{port}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        answering = AnswerAsync();
    }

    public string Address { get; }

    /// <summary>What was asked for, but the page of the control.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public static Canary Start()
    {
        var port = FreePort.Next();
        return new Canary(port);
    }

    public void Dispose() => listener.Close();

    private async Task AnswerAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                if (context.Request.Url!.AbsolutePath is not ("/" or "/favicon.ico"))
                {
                    Asked.Enqueue(context.Request.Url.AbsolutePath);
                }

                context.Response.ContentType = "text/html";
                context.Response.Close();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
