using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Server.A2a;
using Parley.Server.A2a.Wire;
using Parley.Server.Tests.Support;
using Role = Parley.Core.Organizations.Role;

namespace Parley.Server.Tests.A2a;

/// <summary>Calls that last: a blocking send whose agent takes its time, and a stream on which nothing happens.</summary>
public sealed class A2aWaitTests
{
    [Theory]
    [InlineData("1.0", "SendMessage", "ROLE_USER", "TASK_STATE_WORKING")]
    [InlineData(null, "message/send", "user", "working")]
    public async Task A_blocking_send_that_lasts_too_long_answers_with_the_task_as_it_is(string? version, string method, string role, string state)
    {
        var clock = new LeapingTime();
        await using var house = await A2aHouse.OpenAsync(configure: services => services.AddSingleton<TimeProvider>(clock));
        var message = new { messageId = "slow", role, parts = new[] { new { kind = "text", text = "Take your time" } } };
        var waiting = A2aHouse.ResultAsync(house.Tesla.Http, "aaron", method, new { message }, version);
        var id = (await house.Socket.NextAsync("request")).GetProperty("metadata").GetProperty("parley.task").GetProperty("id").GetString()!;
        await house.AnswerAsync("I have begun.", new { id, state = "working" });
        waiting.IsCompleted.ShouldBeFalse();
        clock.Leaps = true;
        var answer = await waiting;
        var task = version is null ? answer : answer.GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe(state);
        clock.Leaps = false;
        await house.AnswerAsync("Here it is.", new { id, state = "completed" });
        A2aHouse.StateOf(await house.TaskAsync(id)).ShouldBe("TASK_STATE_COMPLETED", "the task goes on without its caller");
    }

    [Fact]
    public async Task A_stream_on_which_nothing_happens_is_kept_alive_by_comments()
    {
        await using var house = await A2aHouse.OpenAsync(configure: services => services.AddSingleton<TimeProvider>(new HurriedHeart()));
        using var request = A2aHouse.Request(HttpMethod.Post, "/a2a/aaron/message:stream", new { message = house.Message("Take your time") }, "1.0");
        using var response = await house.Tesla.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, A2aHouse.Ct);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(A2aHouse.Ct));
        var (lines, answered) = (new List<string>(), false);
        while (await reader.ReadLineAsync(A2aHouse.Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), A2aHouse.Ct) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(':') && !answered)
            {
                answered = true;
                await house.AnswerAsync("Done.", replyTo: (await house.Socket.NextAsync("request")).GetProperty("id").GetGuid());
            }
        }

        lines.ShouldContain(": parley");
        lines.FindLast(line => line.StartsWith("data: ", StringComparison.Ordinal))!.ShouldContain("TASK_STATE_COMPLETED");
    }

    [Fact]
    public async Task A_comment_that_cannot_be_written_ends_what_is_followed()
    {
        await using var server = await TestServer.StartAsync();
        var services = server.Services.GetRequiredService<StreamServices>() with { Time = new HurriedHeart() };
        var context = new DefaultHttpContext { Request = { Headers = { Authorization = "Bearer x" } }, Response = { Body = new BrokenStream() } };
        var caller = new Caller(CallerKind.Agent, Guid.NewGuid(), Guid.NewGuid(), "tesla", Role.Member, Scopes.Read, Guid.NewGuid());
        var left = false;
        await Should.ThrowAsync<IOException>(() => EventStream.RunAsync(context, caller, services, cancellation => Task.FromResult(FollowAsync(cancellation)), _ => []));
        left.ShouldBeTrue();

        async IAsyncEnumerable<StreamResponse> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                yield break;
            }
            finally
            {
                left = true;
            }
        }
    }

    /// <summary>A clock that can be made to run away: every look at it is five minutes later than the one before.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        private long leapt;

        public bool Leaps { get; set; }

        public override long GetTimestamp() =>
            base.GetTimestamp() + (Leaps ? Interlocked.Add(ref leapt, (long)(TimeSpan.FromMinutes(5).TotalSeconds * TimestampFrequency)) : Volatile.Read(ref leapt));
    }

    /// <summary>A clock on which the heart of a stream beats at once.</summary>
    private sealed class HurriedHeart : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(15) ? TimeSpan.FromMilliseconds(5) : dueTime, period);
    }

    /// <summary>A connection whose reader has gone away.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The reader has gone away.");
    }
}
