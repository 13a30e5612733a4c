using Xunit.v3;

namespace Parley.Tests.Support;

/// <summary>A test that holds a promised time: <c>./test</c> runs it when nothing else runs.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class AloneAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [KeyValuePair.Create("Runs", "alone")];
}
