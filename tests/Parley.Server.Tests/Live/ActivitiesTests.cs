using Parley.Server.Live;

namespace Parley.Server.Tests.Live;

public sealed class ActivitiesTests
{
    private static readonly Guid Tesla = Guid.NewGuid();
    private readonly ManualTimeProvider time = new();

    [Fact]
    public void A_program_that_was_killed_is_gone_within_a_minute()
    {
        var activities = new Activities(time);
        activities.Find(Tesla).ShouldBeNull();
        activities.Say(Tesla, "busy");
        time.Advance(TimeSpan.FromSeconds(30));
        activities.Find(Tesla)!.Value.State.ShouldBe("busy");
        time.Advance(TimeSpan.FromSeconds(30));
        activities.Find(Tesla)!.Value.State.ShouldBe("gone");
        activities.Say(Tesla, "idle");
        activities.Find(Tesla)!.Value.State.ShouldBe("idle");
    }

    [Fact]
    public void What_it_does_has_the_time_at_which_it_began()
    {
        var activities = new Activities(time);
        activities.Say(Tesla, "idle");
        var began = activities.Find(Tesla)!.Value.Since;
        time.Advance(TimeSpan.FromSeconds(10));
        activities.Say(Tesla, "idle");
        activities.Find(Tesla)!.Value.Since.ShouldBe(began);
        activities.Say(Tesla, "busy");
        activities.Find(Tesla)!.Value.Since.ShouldBe(began + TimeSpan.FromSeconds(10));
    }
}
