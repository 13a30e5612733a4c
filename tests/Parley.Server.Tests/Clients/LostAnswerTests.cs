using Parley.Client;
using Parley.Client.Wire;
using Parley.Server.Tests.Support;
using Step = Parley.Server.Tests.Clients.CuttingServer.Step;

namespace Parley.Server.Tests.Clients;

/// <summary>G2: whoever is told of a refusal may rely on it that nothing was stored.</summary>
public sealed class LostAnswerTests
{
    private static readonly SendRequest Message = new() { To = "aaron", Content = "Hello", Key = "deploy-42" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_repetition_after_a_lost_answer_is_an_unknown_outcome()
    {
        await using var server = await CuttingServer.StartAsync(Step.Cut, Step.Refuse);
        using var client = new ParleyClient(server.Address);
        var error = await Should.ThrowAsync<ParleyException>(() => client.Messages.SendAsync(Message, Cancellation));
        error.Code.ShouldBe(ParleyException.OutcomeUnknown);
        error.Fix.ShouldContain("'deploy-42'");
        error.InnerException.ShouldBeOfType<ParleyException>().Code.ShouldBe("halted");
        server.Keys.ShouldBe(["deploy-42", "deploy-42"]);
    }

    [Fact]
    public async Task A_refused_repetition_of_a_meetings_post_is_an_unknown_outcome_too()
    {
        await using var server = await CuttingServer.StartAsync(Step.Cut, Step.Refuse);
        using var client = new ParleyClient(server.Address);
        var error = await Should.ThrowAsync<ParleyException>(() => client.Meetings.PostAsync("launch", "Ready?", Cancellation));
        error.Code.ShouldBe(ParleyException.OutcomeUnknown);
    }

    [Fact]
    public async Task A_send_that_a_vanished_server_never_answers_is_an_unknown_outcome()
    {
        await using var server = await CuttingServer.StartAsync(Step.Cut, Step.Cut, Step.Cut, Step.Cut, Step.Cut, Step.Cut);
        using var client = new ParleyClient(new ParleyClientOptions { Server = server.Address, RetryFor = TimeSpan.FromSeconds(5) });
        var sending = client.Messages.SendAsync(Message, Cancellation);
        await server.Arrived.Within(TestSocket.Patience);
        await server.StopAsync();
        (await Should.ThrowAsync<ParleyException>(() => sending)).Code.ShouldBe(ParleyException.OutcomeUnknown);
    }

    [Fact]
    public async Task An_answer_that_stops_after_its_head_is_an_unknown_outcome()
    {
        await using var server = await CuttingServer.StartAsync(Step.Stall);
        var time = new ManualTimeProvider();
        using var client = new ParleyClient(new ParleyClientOptions { Server = server.Address, RetryFor = TimeSpan.Zero, Time = time });
        var sending = client.Messages.SendAsync(Message, Cancellation);
        await server.Stalled.Within(TestSocket.Patience);
        time.Advance(client.Options.Timeout);
        (await Should.ThrowAsync<ParleyException>(() => sending)).Code.ShouldBe(ParleyException.OutcomeUnknown);
    }

    [Fact]
    public async Task An_answered_repetition_is_the_answer()
    {
        await using var server = await CuttingServer.StartAsync(Step.Cut, Step.Cut, Step.Accept);
        using var client = new ParleyClient(server.Address);
        (await client.Messages.SendAsync(Message, Cancellation)).Duplicate.ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_load_balancer_answers_while_a_node_is_away_has_the_send_repeated_with_its_key()
    {
        await using var server = await CuttingServer.StartAsync(Step.NoNode, Step.BadGateway, Step.NotHeard, Step.Accept);
        using var client = new ParleyClient(server.Address);
        (await client.Messages.SendAsync(Message, Cancellation)).Duplicate.ShouldBeTrue();
        server.Keys.ShouldBe(Enumerable.Repeat("deploy-42", 4));
    }

    [Fact]
    public async Task A_refusal_after_a_load_balancer_got_no_answer_is_an_unknown_outcome_and_after_it_had_no_node_a_refusal()
    {
        await using var lost = await CuttingServer.StartAsync(Step.BadGateway, Step.Refuse);
        using var client = new ParleyClient(lost.Address);
        (await Should.ThrowAsync<ParleyException>(() => client.Messages.SendAsync(Message, Cancellation))).Code.ShouldBe(ParleyException.OutcomeUnknown);

        await using var refused = await CuttingServer.StartAsync(Step.NoNode, Step.Refuse);
        using var other = new ParleyClient(refused.Address);
        (await Should.ThrowAsync<ParleyException>(() => other.Messages.SendAsync(Message, Cancellation))).Code.ShouldBe("halted");
    }

    [Fact]
    public async Task A_refusal_of_the_first_attempt_is_the_refusal()
    {
        await using var server = await CuttingServer.StartAsync(Step.Refuse);
        using var client = new ParleyClient(server.Address);
        (await Should.ThrowAsync<ParleyException>(() => client.Messages.SendAsync(Message, Cancellation))).Code.ShouldBe("halted");
    }

    [Fact]
    public async Task A_socket_whose_repeated_send_is_refused_reports_an_unknown_outcome()
    {
        await using var server = await CuttingServer.StartAsync(Step.Cut, Step.Refuse, Step.Refuse);
        using var client = new ParleyClient(server.Address);
        await using var socket = await client.OpenSocketAsync(cancellation: Cancellation);
        var error = await Should.ThrowAsync<ParleyException>(() => socket.SendAsync(Message, Cancellation));
        error.Code.ShouldBe(ParleyException.OutcomeUnknown);
        error.Fix.ShouldContain("'deploy-42'");
        server.Keys.ShouldBe(["deploy-42", "deploy-42"]);

        // What was sent once only, and refused, was refused.
        (await Should.ThrowAsync<ParleyException>(() => socket.SendAsync("aaron", "Again", Cancellation))).Code.ShouldBe("halted");
    }

    [Fact]
    public async Task A_socket_that_may_not_come_back_reports_an_unknown_outcome_of_what_it_sent()
    {
        await using var server = await CuttingServer.StartAsync(Step.Cut, Step.Reject);
        using var client = new ParleyClient(server.Address);
        await using var socket = await client.OpenSocketAsync(cancellation: Cancellation);
        var error = await Should.ThrowAsync<ParleyException>(() => socket.SendAsync(Message, Cancellation));
        error.Code.ShouldBe(ParleyException.OutcomeUnknown);
        error.InnerException.ShouldBeOfType<ParleyException>().Code.ShouldBe("unauthenticated");

        // After its end nothing is sent at all.
        (await Should.ThrowAsync<ParleyException>(() => socket.SendAsync("aaron", "Again", Cancellation))).Code.ShouldBe("unauthenticated");
    }

    [Fact]
    public async Task A_socket_repeats_a_cut_send_until_it_is_answered()
    {
        await using var server = await CuttingServer.StartAsync(Step.Cut, Step.Cut, Step.Accept);
        using var client = new ParleyClient(server.Address);
        await using var socket = await client.OpenSocketAsync(cancellation: Cancellation);
        (await socket.SendAsync(Message, Cancellation)).Duplicate.ShouldBeTrue();
    }
}
