using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Parley.Core.Sessions;

namespace Parley.Tests.Cli.Settings;

/// <summary>Policies are the same where all they say is: lists and dictionaries by what is in them.</summary>
internal sealed class SamePolicy : IEqualityComparer<SessionPolicy>
{
    public bool Equals(SessionPolicy? one, SessionPolicy? other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    public int GetHashCode([DisallowNull] SessionPolicy policy) => 0;
}
