using System.Net.WebSockets;
using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <summary>What the server's close codes mean for this client.</summary>
internal static class CloseReason
{
    /// <summary>True where connecting again cannot help.</summary>
    public static bool IsFinal(ParleyException error) => error.Code is
        "unauthenticated" or "forbidden" or "not_found" or "epoch_changed" or "cursor_too_old" or "cursor_ahead" or "invalid_frame" or "invalid_request";

    public static ParleyException ToException(WebSocket socket) => (int?)socket.CloseStatus switch
    {
        4001 => Of("unauthenticated", "The token was revoked or has expired.", "Connect with a valid token."),
        4002 => Of("invalid_frame", "The server did not understand this client's frames.", "Use a client and a server of the same version."),
        4003 => Of("forbidden", "The token may not use this socket.", "Use an agent's token."),
        4004 => Of("not_found", "There is no such project for this agent.", "Check the project's name."),
        4009 => Of("epoch_changed", "The store was restored; cursors of before do not count.", "Read the inbox from its acknowledged cursor."),
        4029 => Of("rate_limited", "The token holds too many connections.", "Close one of them."),
        _ => ParleyException.LostAnswer(null),
    };

    private static ParleyException Of(string code, string title, string fix) => new(new Problem { Code = code, Title = title, Fix = fix });
}
