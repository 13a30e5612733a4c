using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Sessions;

/// <summary>How a person names a spawned session: by key, by label, or by the last letters of its key.</summary>
internal static class SessionNames
{
    /// <summary>The fewest letters of a key that name a session.</summary>
    public const int Fewest = 6;

    /// <summary>How many letters a table shows, more where that names several.</summary>
    private const int Shown = 8;

    /// <summary>The most sessions that one list has.</summary>
    private const int Most = 500;

    /// <summary>The end of the key, long enough to name it among these.</summary>
    public static string Short(string key, IEnumerable<SessionView> among)
    {
        var id = key[(key.LastIndexOf(':') + 1)..];
        var others = among.Select(session => session.SessionKey).Where(other => other != key).ToList();
        var length = Enumerable.Range(Shown, Math.Max(0, id.Length - Shown)).FirstOrDefault(letters => !others.Exists(other => other.EndsWith(id[^letters..], StringComparison.Ordinal)), id.Length);
        return id.Length <= length ? id : id[^length..];
    }

    /// <summary>What a person would type for each: its label where that is its alone, else the short form.</summary>
    public static IEnumerable<string> Typed(IReadOnlyList<SessionView> sessions) => sessions.Select(session => Typed(session, sessions)).Distinct();

    public static string Typed(SessionView session, IReadOnlyList<SessionView> among) =>
        session.Label is { } label && !label.Any(char.IsWhiteSpace) && among.Count(other => other.Label == label) <= 1 ? label : Short(session.SessionKey, among);

    /// <summary>The key of the session that is meant among these, or the name as it was typed where none is. Throws where several are.</summary>
    public static string Resolve(string typed, IReadOnlyList<SessionView> among)
    {
        var labelled = among.Where(session => session.Label == typed).ToList();
        var open = labelled.FindAll(session => session.EndedAt is null);
        var ended = labelled.Count > 0 && open.Count == 0;
        return (labelled.Count, open.Count) switch
        {
            _ when ended => labelled.MaxBy(session => session.CreatedAt)!.SessionKey,
            (_, 1) => open[0].SessionKey,
            (_, > 1) => throw Several(typed, open, among),
            _ => ByEnd(typed, among),
        };
    }

    /// <summary>The name as the server knows it. Keys and ids are looked up by the server alone.</summary>
    public static async Task<string> ResolveAsync(ParleyClient client, string typed, CancellationToken cancellation)
    {
        var name = typed.Trim();
        return name.Contains(':', StringComparison.Ordinal) || Guid.TryParse(name, out _)
            ? name
            : Resolve(name, (await client.Sessions.ListAsync(limit: Most, cancellation: cancellation).ConfigureAwait(false)).Items);
    }

    private static string ByEnd(string typed, IReadOnlyList<SessionView> among)
    {
        if (typed.Length < Fewest || !typed.All(letter => char.IsAsciiHexDigit(letter) || letter == '-'))
        {
            return typed;
        }

        var meant = among.Where(session => session.SessionKey.EndsWith(typed, StringComparison.OrdinalIgnoreCase)).ToList();
        return meant.Count switch
        {
            0 => typed,
            1 => meant[0].SessionKey,
            _ => throw Several(typed, meant, among),
        };
    }

    private static ParleyException Several(string typed, IEnumerable<SessionView> meant, IReadOnlyList<SessionView> among) => Refusal.Conflict(
        $"'{typed}' names several sessions.", $"Write one of {string.Join(", ", meant.Take(5).Select(session => $"{Short(session.SessionKey, among)} ({session.AgentId}, spawned by {session.Parent})"))}.");
}
