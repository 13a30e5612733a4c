using System.Security.Cryptography;
using System.Text;

namespace Parley.Core.Messages;

/// <summary>
/// What a program sends through a door while it runs for a turn. The program may run again after a crash, so without a key of its own the same words to the same place are
/// sent once a turn; and nothing is sent any more once the turn has another owner.
/// </summary>
public static class OriginKey
{
    private const char Between = '\u001f';

    /// <summary>The caller's own key, else one made of the turn and of what is sent; null where no program of a turn sends.</summary>
    public static string? Of(Caller caller, string? key, params ReadOnlySpan<string?> parts)
    {
        if (key is not null || caller.Origin is not { Hold: not null } origin)
        {
            return key;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(Between, parts)));
        return $"turn:{origin.TurnId:N}:{Convert.ToHexStringLower(hash.AsSpan(0, 16))}";
    }

    /// <summary>What has to be checked in the transaction of the send.</summary>
    public static Func<IUnitOfWork, ValueTask> HoldOf(Caller caller) => caller.Origin?.Hold ?? (static _ => ValueTask.CompletedTask);
}
