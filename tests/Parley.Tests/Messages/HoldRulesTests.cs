using FsCheck.Fluent;
using FsCheck;
using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core;

namespace Parley.Tests.Messages;

public sealed class HoldRulesTests
{
    private static readonly (string Name, MessageType Type)[] s_types =
    [
        ("status", MessageType.Status), ("request", MessageType.Request), ("discovery", MessageType.Discovery), ("coordination", MessageType.Coordination),
        ("chat", MessageType.Chat), ("result", MessageType.Result),
    ];

    private static Gen<(string Name, bool On)[]> Changes =>
        (from type in Gen.Elements(s_types) from put in Gen.Elements(true, false) select (type.Name, put)).ArrayOf();

    [Fact]
    public void A_type_is_held_exactly_where_its_last_change_put_it_on_hold() => Prop.ForAll(
        Changes.ToArbitrary(),
        changes =>
        {
            var held = changes.Aggregate(HeldTypes.None, (types, change) => HoldRules.With(types, HoldRules.Find(change.Name), change.On));
            foreach (var (name, type) in s_types)
            {
                var last = changes.LastOrDefault(change => change.Name == name).On;
                HoldRules.IsHeld(AgentOf(hold: false), type, held).ShouldBe(last);
                HoldRules.IsHeld(AgentOf(hold: true), type, held).ShouldBeTrue();
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_a_person_or_Parley_says_is_never_held() => Prop.ForAll(
        (from type in Gen.Elements(Enum.GetValues<MessageType>()) from held in Gen.Choose(0, 63) select (type, held: (HeldTypes)held)).ToArbitrary(),
        message =>
        {
            HoldRules.IsHeld(sender: null, message.type, message.held).ShouldBeFalse();
            HoldRules.IsHeld(AgentOf(hold: false), MessageType.System, message.held).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("system")]
    [InlineData("Request")]
    [InlineData("")]
    public void A_type_that_no_agent_can_send_cannot_be_held(string name) =>
        Should.Throw<ParleyError>(() => HoldRules.Find(name)).Code.ShouldBe(ErrorCode.InvalidRequest);

    private static Agent AgentOf(bool hold) =>
        new(Guid.NewGuid(), Guid.Empty, Guid.Empty, "tesla", AgentKind.External, "external", "", hold, DateTimeOffset.UnixEpoch, RemovedAt: null);
}
