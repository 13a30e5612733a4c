using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Core.Turns;
using Parley.Runtimes;
using Parley.Runtimes.Keys;

namespace Parley.Cli;

/// <summary><c>parley key set|list|remove</c>: on the server's machine, because a key travels nowhere.</summary>
internal static class KeyCommand
{
    private static readonly Argument<string> Provider = new("provider") { Description = "Such as openai, anthropic or openrouter." };

    public static Command Build() =>
        new ParleyCommand("key", "Keep the keys of providers of models, encrypted in the data folder. Run it on the server's machine.", "parley key list", "parley key set openai < key.txt")
        {
            new ParleyCommand("set", "Store a key. It is read from standard input, or typed without being shown.", "parley key set openai < key.txt", "parley key set anthropic") { Provider }.Does(SetAsync),
            new ParleyCommand("list", "List the providers and where each has its key from.", "parley key list").Does(List),
            new ParleyCommand("remove", "Forget a stored key.", "parley key remove openai") { Provider }.Does(Remove),
        };

    private static async Task SetAsync(Invocation invocation, CancellationToken cancellation)
    {
        var provider = invocation.Get(Provider)!;
        var key = Console.IsInputRedirected ? await TextInput.ReadAsync("-", cancellation).ConfigureAwait(false) : Typed(invocation.Screen, provider);
        Try(() => Keys(invocation).Set(provider, key));
        invocation.Screen.Done($"The key of {provider} is stored. It counts from the next model call.", ("stored", provider));
    }

    private static Task List(Invocation invocation, CancellationToken cancellation)
    {
        var keys = Keys(invocation).List();
        if (invocation.Screen.IsJson)
        {
            foreach (var key in keys)
            {
                invocation.Screen.Done("", ("provider", key.Provider), ("key", Source(key)), ("variable", key.Variable));
            }

            return Task.CompletedTask;
        }

        invocation.Screen.Table(keys, "No provider takes a key.", ("PROVIDER", key => key.Provider), ("KEY", Source), ("VARIABLE", key => key.Variable));
        return Task.CompletedTask;
    }

    private static Task Remove(Invocation invocation, CancellationToken cancellation)
    {
        var (provider, removed) = (invocation.Get(Provider)!, false);
        Try(() => removed = Keys(invocation).Remove(provider));
        invocation.Screen.Done(removed ? $"The key of {provider} is forgotten." : $"There was no stored key of {provider}.", ("removed", removed ? provider : null));
        return Task.CompletedTask;
    }

    private static ProviderKeys Keys(Invocation invocation)
    {
        invocation.Folder.Create();
        return new ProviderKeys(new RuntimeOptions { DataFolder = invocation.Folder.Path });
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Parley.Core.ParleyError error)
        {
            throw Refusal.Wrong(error.Message, error.Fix, error.Field ?? "key");
        }
    }

    private static string Source(ProviderKey key) => key.Source switch
    {
        KeySource.Environment => "from the environment",
        KeySource.Stored => "stored",
        _ => key.Required ? "none" : "none needed",
    };

    private static string Typed(Screen screen, string provider)
    {
        screen.Note($"Key of {provider} (it is not shown; Enter ends it):");
        var text = new System.Text.StringBuilder();
        for (var pressed = Console.ReadKey(intercept: true); pressed.Key != ConsoleKey.Enter; pressed = Console.ReadKey(intercept: true))
        {
            if (pressed.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else
            {
                text.Append(pressed.KeyChar);
            }
        }

        return text.ToString();
    }
}
