namespace Parley.Core.Turns;

/// <summary>Keeps the leases of a node's running turns. Run every 10 s.</summary>
public sealed class RenewLeases(IDatabase database)
{
    /// <summary>Renews them and returns those that another owner has now.</summary>
    public async Task<IReadOnlyList<Lease>> RunAsync(IReadOnlyCollection<Lease> leases, CancellationToken cancellationToken) => leases.Count == 0
        ? []
        : await database.WriteUrgentlyAsync(
            async unit =>
            {
                var lost = new List<Lease>();
                foreach (var lease in leases.OrderBy(lease => lease.SessionId))
                {
                    if (!await unit.Sessions.RenewAsync(lease))
                    {
                        lost.Add(lease);
                    }
                }

                return lost;
            },
            cancellationToken);
}
