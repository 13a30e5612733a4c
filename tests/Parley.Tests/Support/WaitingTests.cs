namespace Parley.Tests.Support;

public sealed class WaitingTests
{
    private static readonly TimeSpan s_limit = Waiting.Patience;

    [Fact]
    public async Task A_raised_signal_hands_over_its_value()
    {
        var signal = new Signal<int>();
        var raiser = Task.Run(() => signal.Raise(7), TestContext.Current.CancellationToken);

        (await signal.Within(s_limit)).ShouldBe(7);
        await raiser;
    }

    [Fact]
    public async Task What_does_not_come_is_named_when_the_limit_is_over()
    {
        var reply = new TaskCompletionSource();

        var error = await Should.ThrowAsync<TimeoutException>(() => reply.Task.Within(TimeSpan.FromMilliseconds(20)));

        error.Message.ShouldContain("reply.Task");
    }

    [Fact]
    public async Task A_failed_signal_fails_its_waiter()
    {
        var signal = new Signal();
        signal.Fail(new InvalidDataException("broken"));

        (await Should.ThrowAsync<InvalidDataException>(() => signal.Within(s_limit))).Message.ShouldBe("broken");
    }
}
