using Parley.EndToEnd.Tests.Console;
using Parley.EndToEnd.Tests.Docs;
using Parley.EndToEnd.Tests.Hosted;
using Parley.EndToEnd.Tests.Nodes;
using Parley.EndToEnd.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Parley.EndToEnd.Tests.Support;

/// <summary>What takes longest begins first, so that the run does not end with one of them alone. No test needs an order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [typeof(DocumentTests).FullName!, nameof(ConsoleHouse), typeof(NodeKillTests).FullName!, typeof(KilledTurnTests).FullName!];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var place ? place : Longest.Length)];
}
