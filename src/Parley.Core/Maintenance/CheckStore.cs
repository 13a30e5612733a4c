using Parley.Core.Organizations;

namespace Parley.Core.Maintenance;

/// <summary>How a check came out.</summary>
public enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but somebody should look.</summary>
    Warning,

    /// <summary>A promise is or will be broken.</summary>
    Fault,
}

/// <summary>The outcome of one check.</summary>
/// <param name="Check">Its stable name.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Text">What was found, in a sentence.</param>
/// <param name="Fix">What to do; empty where nothing is to be done.</param>
public sealed record Finding(string Check, FindingStatus Status, string Text, string Fix)
{
    /// <summary>A check with nothing to complain about.</summary>
    public static Finding Fine(string check, string text) => new(check, FindingStatus.Ok, text, "");
}

/// <summary>Looks at the store itself: files, settings, and whether its rows agree with each other.</summary>
public interface IStoreInspector
{
    /// <summary>Runs every check within bounds of time and rows that its findings name.</summary>
    Task<List<Finding>> InspectAsync(CancellationToken cancellationToken);
}

/// <summary>Examines the store for <c>parley doctor</c>, in seconds whatever its size.</summary>
public sealed class CheckStore(IDatabase database, IStoreInspector inspector)
{
    /// <summary>
    /// Returns one finding a check, the state of the database first. Findings count rows of all organizations but name nothing of them.
    /// A database that cannot be read is a finding, not an error. Persons only.
    /// </summary>
    public async Task<List<Finding>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        List<Finding> findings = [Health(database.Health)];
        try
        {
            findings.AddRange(await inspector.InspectAsync(cancellationToken));
        }
        catch (ParleyError error) when (error.Code == ErrorCode.StorageUnavailable)
        {
            findings.Add(new Finding("read", FindingStatus.Fault, error.Message, error.Fix));
        }

        return findings;
    }

    private static Finding Health(StorageHealth health) => health.State switch
    {
        StorageState.Ready => Finding.Fine("health", "The database reads and writes."),
        StorageState.Full => new Finding("health", FindingStatus.Fault, $"The disk is full: {health.Reason}", "Free space on the disk of the database; sending resumes by itself."),
        _ => new Finding("health", FindingStatus.Fault, $"The database has failed: {health.Reason}", "Look at its disk; where the file is damaged, restore a backup."),
    };
}
