namespace Parley.Storage.Sqlite;

/// <summary>Compares SQL texts. Nearly all are literals, so the same object comes again and again: hashing a few characters of it is enough.</summary>
internal sealed class StatementText : IEqualityComparer<string>
{
    public static readonly StatementText Comparer = new();

    public bool Equals(string? x, string? y) => ReferenceEquals(x, y) || string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string obj)
    {
        var hash = obj.Length;
        for (var i = obj.Length - 1; i >= 0; i -= 1 + (obj.Length / 16))
        {
            hash = (hash * 31) + obj[i];
        }

        return hash;
    }
}
