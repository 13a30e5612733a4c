using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>
/// Sends what agents inserted into <c>agent_chat</c> with SQL, in the order inserted. A row leaves the queue in the transaction that stores its message, so that
/// it becomes one message whatever crashes and however many nodes look.
/// </summary>
public sealed class TakeSqlMessages(IDatabase database, SendMessage send, IWake wake, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <summary>How long a refused row can be read.</summary>
    private static readonly TimeSpan KeepRefused = TimeSpan.FromDays(7);

    /// <summary>Sends what waits; true where more waits at once. Throws where the database cannot be written, then the rest stays queued.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!database.IsPostgres)
        {
            return false;
        }

        var waiting = await database.ReadAsync(unit => unit.ChatQueue.WaitingAsync(AtOnce), cancellationToken);
        foreach (var row in waiting)
        {
            await TakeAsync(row, cancellationToken);
        }

        return waiting.Count == AtOnce;
    }

    private async Task TakeAsync(QueuedChat row, CancellationToken cancellationToken)
    {
        var taken = true;
        var caller = new Caller(CallerKind.Agent, row.OrganizationId, row.AgentId, row.AgentName, Role.Member, Scopes.Send, Guid.Empty);
        var input = new SendInput { To = Router.ChatAddress, Content = row.Message, Mentions = row.Mentions };
        try
        {
            await send.RunAsync(
                caller, input,
                async unit =>
                {
                    taken = await unit.ChatQueue.TakeAsync(row.Id);
                    await CheckAsync(unit, row, taken);
                },
                cancellationToken);
        }
        catch (ParleyError) when (!taken)
        {
            // Another node has sent or refused it.
        }
        catch (ParleyError error) when (error.Code.HttpStatus < 500)
        {
            await RefuseAsync(row, error, cancellationToken);
        }
    }

    private static async ValueTask CheckAsync(IUnitOfWork unit, QueuedChat row, bool taken)
    {
        if (!taken)
        {
            throw new ParleyError(ErrorCode.Conflict, "The row is gone.", "Nothing is to be done.");
        }

        if (await unit.Organizations.FindAsync(row.OrganizationId) is not { } organization || !organization.Features.HasFlag(Features.SqlDoor))
        {
            throw new ParleyError(ErrorCode.FeatureOff, "The SQL door is switched off in this organization.", "An admin can switch it on: parley feature on sql_door");
        }
    }

    /// <summary>The INSERT was answered long ago: the agent learns of it in its inbox and in <c>agent_chat_refused</c>.</summary>
    private async Task RefuseAsync(QueuedChat row, ParleyError error, CancellationToken cancellationToken)
    {
        var position = await database.WriteAsync<InboxPosition?>(
            async unit =>
            {
                var now = time.GetUtcNow();
                if (!await unit.ChatQueue.RefuseAsync(row.Id, error, now, now - KeepRefused))
                {
                    return null;
                }

                var text = $"A message that you inserted into agent_chat was not sent ({error.Code.Name}): {error.Message} {error.Fix} It is in agent_chat_refused.";
                return await SystemNotice.WriteAsync(unit, row.OrganizationId, row.AgentId, "sql_refused", text, about: null, now);
            },
            cancellationToken);
        if (position is { } place)
        {
            Wakes.Send(wake, row.OrganizationId, [place]);
        }
    }
}
