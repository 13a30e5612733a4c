using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Server.Live;

namespace Parley.Server.Tests.Live;

public sealed class ConnectionListTests
{
    private static readonly Caller s_caller = new(CallerKind.Agent, Guid.NewGuid(), Guid.NewGuid(), "tesla", Role.Member, Scopes.All, Guid.NewGuid());
    private readonly ConnectionList list = new(new Stopping(new Lifetime()));

    [Fact]
    public void The_connection_too_many_is_the_one_that_was_opened_last_however_late_an_earlier_one_is_added()
    {
        var slow = list.Reserve(s_caller.TokenId);
        for (var i = 1; i < Limits.ConnectionsPerToken; i++)
        {
            list.Add(new Connection()).ShouldBeNull();
        }

        var last = list.Reserve(s_caller.TokenId);
        list.Add(new Connection(), slow).ShouldBeNull();
        list.Add(new Connection(), last)!.Code.ShouldBe(ErrorCode.RateLimited);
    }

    [Fact]
    public void A_place_that_is_given_up_is_free_again_once()
    {
        for (var i = 1; i < Limits.ConnectionsPerToken; i++)
        {
            list.Add(new Connection()).ShouldBeNull();
        }

        var place = list.Reserve(s_caller.TokenId);
        place.Dispose();
        place.Dispose();
        list.Add(new Connection()).ShouldBeNull();
        list.Add(new Connection()).ShouldNotBeNull();
    }

    private sealed class Connection : ILiveConnection
    {
        public Caller Caller => s_caller;

        public DateTimeOffset? ExpiresAt => null;

        public bool IsTooSlow => false;

        public string LastCursor => "";

        public Task CloseAsync(ErrorCode code, string reason) => Task.CompletedTask;
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
