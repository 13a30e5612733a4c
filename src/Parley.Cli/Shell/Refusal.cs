using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Shell;

/// <summary>Errors that the command line finds by itself, with the codes of the server.</summary>
internal static class Refusal
{
    public static ParleyException Wrong(string title, string fix, string? field = null) => Of("invalid_request", title, fix, field);

    public static ParleyException NotFound(string title, string fix) => Of("not_found", title, fix);

    public static ParleyException NoToken(string title, string fix) => Of("unauthenticated", title, fix);

    public static ParleyException Conflict(string title, string fix) => Of("conflict", title, fix);

    private static ParleyException Of(string code, string title, string fix, string? field = null) =>
        new(new Problem { Code = code, Title = title, Fix = fix, Field = field });
}
