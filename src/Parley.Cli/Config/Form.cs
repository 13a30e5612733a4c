using System.Net;
using Parley.Cli.Shell;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Runtimes.Models;
using Parley.Server.Security;

namespace Parley.Cli.Config;

/// <summary>What a text has to look like.</summary>
/// <param name="Example">A text of that form, for hints and the schema.</param>
/// <param name="Check">What is wrong with a text and the fix, or null.</param>
internal sealed record Form(string Example, Func<string, (string Text, string Fix)?> Check)
{
    public static readonly Form Any = new("", _ => null);
    public static readonly Form Filled = new("", text => string.IsNullOrWhiteSpace(text) ? ("It is empty.", "Write a value, or leave the key out.") : null);
    public static readonly Form Agent = new("tesla", text => Told(() => Name.Check(text, "agent")));
    public static readonly Form AgentOrEveryone = new("tesla", text => text == SessionPolicy.Everyone ? null : Agent.Check(text));
    public static readonly Form Model = new("local/qwen2.5-7b-instruct", CheckModel);
    public static readonly Form ModelId = new("qwen2.5-7b-instruct", CheckModelId);
    public static readonly Form KnownProvider = new("local", CheckProvider);
    public static readonly Form Listen = new("127.0.0.1:7275", text => Told(() => ListenAddress.Parse(text)));
    public static readonly Form Ip = new("10.0.0.4", text => IPAddress.TryParse(text, out _) ? null : ($"'{Shown(text)}' is not an address.", "Write the proxy's IP address, such as 10.0.0.4."));
    public static readonly Form Host = new("parley.example.org", CheckHost);
    public static readonly Form Url = new("http://127.0.0.1:1234/v1", CheckUrl);
    public static readonly Form Origin = new("https://hooks.example.org", text => CheckSite(text) is null ? null : ($"'{Shown(text)}' is not an origin.", "Write scheme, name and port only: http://127.0.0.1:9000"));
    public static readonly Form Site = new("https://console.example.org", CheckSite);

    /// <summary>The candidate that was probably meant, or null.</summary>
    public static string? Nearest(string typed, IEnumerable<string> candidates)
    {
        var near = candidates.Select(name => (Name: name, Distance: ParseFailure.Distance(typed.ToLowerInvariant(), name.ToLowerInvariant()))).DefaultIfEmpty(("", int.MaxValue)).MinBy(pair => pair.Item2);
        return near.Item2 <= (typed.Length < 4 ? 1 : typed.Length < 9 ? 2 : 3) ? near.Item1 : null;
    }

    public static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private static string[] Providers => [.. Provider.All.Select(provider => provider.Name)];

    private static (string Text, string Fix)? Told(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ParleyError error)
        {
            return (error.Message, error.Fix);
        }
    }

    private static (string Text, string Fix)? CheckModel(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Provider.Find(text[..slash]) is null ? CheckProvider(text[..slash]) : Told(() => ModelName.Parse(text).CheckKnown());
    }

    private static (string Text, string Fix)? CheckModelId(string text) =>
        text.Length is > 0 and <= 200 && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            ? null
            : ("The name of the model is empty, too long or has blanks.", "Write the model's id as the provider lists it: parley models.");

    private static (string Text, string Fix)? CheckProvider(string text) => Providers.Contains(text, StringComparer.Ordinal)
        ? null
        : ($"There is no provider '{Shown(text)}'.", Nearest(text, Providers) is { } near ? $"Did you mean '{near}'?" : $"The providers are {string.Join(", ", Providers)}.");

    private static (string Text, string Fix)? CheckHost(string text) => Uri.CheckHostName(text.Trim('[', ']')) != UriHostNameType.Unknown
        ? null
        : ($"'{Shown(text)}' is not a host name.", "Write the name alone, without scheme, port or path: parley.example.org");

    private static (string Text, string Fix)? CheckUrl(string text) => Web(text) is { UserInfo.Length: 0 }
        ? null
        : ("That is no http or https address without a user.", "Write an address such as http://127.0.0.1:1234/v1; a key does not belong in it.");

    private static (string Text, string Fix)? CheckSite(string text) => Web(text) is { UserInfo.Length: 0, PathAndQuery: "/", Fragment.Length: 0 }
        ? null
        : ($"'{Shown(text)}' is not the origin of a web site.", "Write scheme, host and port only: https://console.example.org");

    private static Uri? Web(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
