namespace Parley.Core.Organizations;

/// <summary>The frame of every change that a person makes: the right is checked, the change and its audit entry are written together.</summary>
public static class AuditedChange
{
    /// <summary>
    /// Runs the change at one fixed time in one transaction and audits it as allowed. A caller that may not is refused with <c>forbidden</c>,
    /// which is audited too; other refusals store nothing. <paramref name="named"/> says from the outcome what was changed, where <paramref name="target"/> is not its name.
    /// </summary>
    public static Task<T> ChangeAsync<T>(
        this IDatabase database, Caller caller, TimeProvider time, string action, string target, Role least,
        Func<IUnitOfWork, DateTimeOffset, ValueTask<T>> change, CancellationToken cancellationToken, Func<T, string>? named = null) => database.AuditRefusalAsync(
        caller, time, action, target,
        () =>
        {
            caller.RequireManage(least);
            return database.WriteAsync(
                async unit =>
                {
                    var now = time.GetUtcNow();
                    var result = await change(unit, now);
                    unit.Audit.Append(AuditEntry.Allowed(caller, now, action, named is null ? target : named(result)));
                    return result;
                },
                cancellationToken);
        },
        cancellationToken);

    /// <summary>Runs an action and audits it where it is refused with <c>forbidden</c>.</summary>
    public static async Task<T> AuditRefusalAsync<T>(
        this IDatabase database, Caller caller, TimeProvider time, string action, string target, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run();
        }
        catch (ParleyError error) when (error.Code == ErrorCode.Forbidden)
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Audit.Append(AuditEntry.Refused(caller, time.GetUtcNow(), action, target, error.Code));
                    return ValueTask.FromResult(true);
                },
                cancellationToken);
            throw;
        }
    }
}
