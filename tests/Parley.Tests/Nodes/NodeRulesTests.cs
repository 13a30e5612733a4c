using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Nodes;

namespace Parley.Tests.Nodes;

/// <summary>How due turns are spread over nodes.</summary>
public sealed class NodeRulesTests
{
    [Fact]
    public void The_shares_of_all_nodes_cover_what_is_due_without_overlap_as_far_as_there_is_room() =>
        Prop.ForAll(Situations(), situation =>
        {
            var (nodes, due) = situation;
            var taken = new HashSet<int>();
            foreach (var (first, count) in Shares(nodes, due))
            {
                Enumerable.Range(first, count).All(taken.Add).ShouldBeTrue();
            }

            taken.Order().ShouldBe(Enumerable.Range(0, Math.Min(due, nodes.Sum(node => Math.Max(0, node.Load.Most - node.Load.Turns)))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_node_takes_one_while_another_with_room_would_run_two_fewer() =>
        Prop.ForAll(Situations(), situation =>
        {
            var (nodes, due) = situation;
            var after = nodes.Zip(Shares(nodes, due), (node, share) => (node, share.Count, Runs: node.Load.Turns + share.Count)).ToList();
            foreach (var (_, count, runs) in after.Where(one => one.Count > 0))
            {
                after.Where(other => other.Runs < other.node.Load.Most).ShouldAllBe(other => other.Runs >= runs - 1);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_node_alone_takes_everything_it_has_room_for() =>
        NodeRules.Share(Node(turns: 60, most: 64), [], due: 10).ShouldBe((0, 4));

    private static List<(int First, int Count)> Shares(List<Node> nodes, int due) => nodes.ConvertAll(node => NodeRules.Share(node, nodes.FindAll(other => other != node), due));

    private static Arbitrary<(List<Node> Nodes, int Due)> Situations() =>
        (from count in Gen.Choose(1, 5)
         from turns in Gen.ListOf(Gen.Choose(0, 12), count)
         from due in Gen.Choose(0, 40)
         select (turns.Select(number => Node(number, most: 10)).OrderBy(node => node.Id).ToList(), due)).ToArbitrary();

    private static Node Node(int turns, int most) => new(Guid.NewGuid(), "node", "1", "", DateTimeOffset.UnixEpoch) { Load = new NodeLoad(turns, most, 0) };
}
