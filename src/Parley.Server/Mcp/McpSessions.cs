using System.Collections.Concurrent;
using System.Security.Cryptography;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>
/// The sessions of clients that began with a handshake. An id that this node does not know is taken as it is: its server was started again, or is another one.
/// </summary>
internal sealed class McpSessions(TimeProvider time)
{
    private const int MostOfToken = 100;
    private const int LongestId = 128;
    private const int IdBytes = 16;
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<(Guid Token, string Id), McpSession> all = new();

    /// <summary>A new session.</summary>
    public McpSession Open(Caller caller) => Add(caller, RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true));

    /// <summary>The caller's session of that id; null where none is named. Throws <c>not_found</c> for one that was ended.</summary>
    public McpSession? Find(Caller caller, string? id)
    {
        if (string.IsNullOrEmpty(id))
        {
            return null;
        }

        if (id.Length > LongestId || id.Any(letter => letter is <= ' ' or > '~'))
        {
            throw ParleyError.Invalid("Mcp-Session-Id", "That is no id of a session.", "Send the Mcp-Session-Id that 'initialize' was answered with, or none.");
        }

        var session = all.TryGetValue((caller.TokenId, id), out var known) ? known : Add(caller, id);
        session.UsedAt = time.GetTimestamp();
        return session.Ended ? throw new ParleyError(ErrorCode.NotFound, "That session was ended.", "Begin again with 'initialize'.") : session;
    }

    /// <summary>Ends a session: its id is not taken any more.</summary>
    public void End(Caller caller, string? id)
    {
        if (Find(caller, id) is { } session)
        {
            session.Ended = true;
        }
    }

    private McpSession Add(Caller caller, string id)
    {
        Sweep(caller.TokenId);
        return all.GetOrAdd((caller.TokenId, id), new McpSession(id) { UsedAt = time.GetTimestamp() });
    }

    /// <summary>Forgets what was not used for long, and of a token that has very many what was used least.</summary>
    private void Sweep(Guid token)
    {
        foreach (var (key, _) in all.Where(pair => time.GetElapsedTime(pair.Value.UsedAt) > Idle))
        {
            all.TryRemove(key, out _);
        }

        foreach (var (key, _) in all.Where(pair => pair.Key.Token == token).OrderByDescending(pair => pair.Value.UsedAt).Skip(MostOfToken - 1))
        {
            all.TryRemove(key, out _);
        }
    }
}
