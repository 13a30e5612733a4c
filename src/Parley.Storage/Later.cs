using System.Data.Common;

namespace Parley.Storage;

/// <summary>A row that was asked for together with what follows it.</summary>
internal abstract class Later
{
    /// <summary>Whether it has come.</summary>
    public bool HasCome { get; protected set; }

    /// <summary>Takes the row from the result that the reader is at.</summary>
    public abstract Task ReadAsync(DbDataReader reader, CancellationToken ct);
}

/// <inheritdoc/>
internal sealed class Later<T>(Func<Row, T> map) : Later
{
    private readonly TaskCompletionSource<T?> row = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The row, or <c>default</c> where there is none; to be asked for after a later statement was waited for.</summary>
    public T? Value => HasCome ? row.Task.GetAwaiter().GetResult() : throw new InvalidOperationException("The row was not sent for yet.");

    /// <summary>Completes when it has come, at the commit at the latest; never where the unit fails.</summary>
    public Task<T?> Task => row.Task;

    public void Set(T? value)
    {
        HasCome = true;
        row.TrySetResult(value);
    }

    public override async Task ReadAsync(DbDataReader reader, CancellationToken ct)
    {
        Set(await reader.ReadAsync(ct) ? map(new Row(reader)) : default);
        await reader.NextResultAsync(ct);
    }
}
