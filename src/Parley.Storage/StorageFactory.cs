namespace Parley.Storage;

/// <summary>Opens the database that the options name and brings its schema up to date.</summary>
internal static class StorageFactory
{
    public static Task<IEngine> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken ct) =>
        throw new NotSupportedException();
}
