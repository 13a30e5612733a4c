using System.Text.Json;
using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Tests.UseCases;

public sealed class ChainTests
{
    [Fact]
    public async Task What_a_turn_sends_belongs_to_the_turns_chain_whatever_it_names()
    {
        await using var house = await TestHouse.OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        await house.LinkAsync(tesla, aaron);
        var other = (await house.SendAsync(aaron, "tesla", "Another chain")).Message;
        var origin = new Origin(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Depth: 2);

        var receipt = await new SendMessage(house.Database, new Router(house.Board), house.Wake, house.Clock).RunAsync(
            tesla with { Origin = origin }, new SendInput { To = "aaron", Content = "From the turn", ReplyTo = other.Id }, TestHouse.Stop);

        receipt.Message.RootId.ShouldBe(origin.RootId);
        receipt.Message.Depth.ShouldBe(3);
        receipt.Message.SessionId.ShouldBe(origin.SessionId);
        receipt.Message.ParentId.ShouldBe(other.Id);
    }

    [Fact]
    public async Task Metadata_in_the_name_of_Parley_is_refused()
    {
        await using var house = await TestHouse.OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        await house.LinkAsync(tesla, aaron);
        var input = new SendInput { To = "aaron", Content = "Hello", Metadata = JsonDocument.Parse("""{"parley.chain": {"depth": 0}}""").RootElement };

        await TestHouse.RefusedAsync(ErrorCode.InvalidRequest, () => new SendMessage(house.Database, new Router(house.Board), house.Wake, house.Clock).RunAsync(tesla, input, TestHouse.Stop));
    }
}
