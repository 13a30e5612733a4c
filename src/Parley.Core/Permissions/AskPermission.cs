using Parley.Core.Messages;

namespace Parley.Core.Permissions;

/// <summary>What a program wants to do.</summary>
/// <param name="Title">In the program's words.</param>
/// <param name="Kind">What kind of thing, as the program calls it; may be empty.</param>
/// <param name="Detail">With what, as JSON; may be empty.</param>
public sealed record PermissionInput(string Title, string Kind, string Detail);

/// <summary>Asks a person whether the program of an agent's running turn may do something, and waits for the answer.</summary>
public sealed class AskPermission(IDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>Returns true where a person allows it; false where one denies it or nobody decides within <see cref="Permission.Time"/>. The caller is the agent in its turn.</summary>
    public async Task<bool> RunAsync(Caller caller, PermissionInput input, CancellationToken cancellationToken)
    {
        var origin = caller.Origin ?? throw new ParleyError(ErrorCode.Forbidden, "Only a running turn asks for permission.", "Host the agent: parley agent host");
        var asked = await database.WriteAsync(unit => WriteAsync(unit, caller, origin, input, time.GetUtcNow()), cancellationToken);
        try
        {
            while (await StateAsync(asked, cancellationToken) == PermissionState.Open && time.GetUtcNow() < asked.ExpiresAt)
            {
                await Task.Delay(Look, time, cancellationToken);
            }
        }
        finally
        {
            await database.WriteAsync(unit => ExpireAsync(unit, asked, time.GetUtcNow()), CancellationToken.None);
        }

        return await StateAsync(asked, cancellationToken) == PermissionState.Allowed;
    }

    private static async ValueTask<Permission> WriteAsync(IUnitOfWork unit, Caller caller, Origin origin, PermissionInput input, DateTimeOffset now)
    {
        // What an owner of the turn left behind that was lost asks nobody any more.
        foreach (var left in await unit.Permissions.OfSessionAsync(origin.SessionId))
        {
            if (left.TurnId != origin.TurnId || left.ExpiresAt <= now)
            {
                await ExpireAsync(unit, left, now);
            }
        }

        var asked = new Permission(
            Guid.CreateVersion7(now), caller.OrganizationId, caller.Id, caller.Name, origin.SessionId, origin.TurnId, Cut(Line(input.Title), Permission.LongestTitle),
            Cut(Line(input.Kind), Permission.LongestTitle), Cut(Storable(input.Detail), Permission.LongestDetail), PermissionState.Open, DecidedBy: null, now, now + Permission.Time, DecidedAt: null);
        unit.Permissions.Add(asked);
        unit.Obligations.Raise(new Attention(asked.Id, asked.OrganizationId, "permission", $"'{caller.Name}' asks for permission: {asked.Title}", MessageId: null, now, ResolvedAt: null));
        return asked;
    }

    private static async ValueTask<bool> ExpireAsync(IUnitOfWork unit, Permission asked, DateTimeOffset now)
    {
        if (await unit.Permissions.DecideAsync(asked.Id, PermissionState.Expired, by: null, now))
        {
            await unit.Obligations.ResolveAsync(asked.OrganizationId, asked.Id, now);
        }

        return true;
    }

    private async Task<PermissionState> StateAsync(Permission asked, CancellationToken cancellationToken) =>
        (await database.ReadAsync(unit => unit.Permissions.FindAsync(asked.OrganizationId, asked.Id), cancellationToken))?.State ?? PermissionState.Expired;

    private static string Line(string text) => Storable(string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter))).Trim();

    private static string Storable(string text) => Draft.Unstorable(text) ? string.Concat(text.Where(letter => letter != '\0' && !char.IsSurrogate(letter))) : text;

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
}
