using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Tests.Messages;

public sealed class DraftTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SendInput Hello = new() { Content = "hello" };

    public static TheoryData<string, SendInput, SendInput> Bounds => new()
    {
        { "content", Hello with { Content = new string('a', 65_536) }, Hello with { Content = new string('a', 65_537) } },
        { "content", Hello with { Content = new string('€', 21_845) }, Hello with { Content = new string('€', 21_846) } },
        { "content", Hello with { Content = "\uD83D\uDE00" }, Hello with { Content = "\uD83D" } },
        { "content", Hello with { Content = " . " }, Hello with { Content = " \n" } },
        { "content", Hello, Hello with { Content = null } },
        { "content", Hello, Hello with { Content = "a\0b" } },
        { "content", Hello, Hello with { Content = "\uDE00\uD83D" } },
        { "metadata", Hello with { Metadata = Json($$"""{"a":"{{new string('x', 32_760)}}"}""") }, Hello with { Metadata = Json($$"""{"a":"{{new string('x', 32_761)}}"}""") } },
        { "metadata", Hello with { Metadata = Json("null") }, Hello with { Metadata = Json("[]") } },
        { "metadata", Hello with { Metadata = Json("{}") }, Hello with { Metadata = Json("""{"a":"\u0000"}""") } },
        { "mentions", Hello with { Mentions = Names(16) }, Hello with { Mentions = Names(17) } },
        { "mentions", Hello with { Mentions = ["@tesla"] }, Hello with { Mentions = ["@te sla"] } },
        { "mentions", Hello with { Mentions = [] }, Hello with { Mentions = [null!] } },
        { "key", Hello with { Key = new string('k', 128) }, Hello with { Key = new string('k', 129) } },
        { "key", Hello with { Key = " " }, Hello with { Key = "" } },
        { "key", Hello with { Key = "é\uD83D\uDE00" }, Hello with { Key = "k\0" } },
        { "to", Hello with { To = "#general" }, Hello with { To = " " } },
        { "to", Hello with { To = null }, Hello with { To = new string('a', 101) } },
        { "to", Hello with { To = "aaron" }, Hello with { To = "aaron\0" } },
        { "project", Hello with { Project = "default" }, Hello with { Project = "a\0b" } },
        { "project", Hello with { Project = null }, Hello with { Project = new string('a', 101) } },
        { "type", Hello with { Type = "result" }, Hello with { Type = "system" } },
        { "type", Hello with { Type = "chat" }, Hello with { Type = "Chat" } },
        { "agent_type", Hello with { AgentType = "backend" }, Hello with { AgentType = "back end" } },
        { "reply_by", Hello with { To = "aaron", ReplyBy = Now.AddSeconds(1) }, Hello with { To = "aaron", ReplyBy = Now } },
        { "reply_by", Hello with { To = "aaron", ReplyBy = Now.AddDays(364) }, Hello with { To = "aaron", ReplyBy = Now.AddYears(1) } },
        { "ttl", Hello with { TimeToLive = TimeSpan.FromSeconds(1) }, Hello with { TimeToLive = TimeSpan.FromMilliseconds(999) } },
        { "ttl", Hello with { TimeToLive = TimeSpan.FromDays(365) }, Hello with { TimeToLive = TimeSpan.FromDays(365.1) } },
    };

    [Theory]
    [MemberData(nameof(Bounds), DisableDiscoveryEnumeration = true)]
    public void Each_field_is_taken_to_its_limit_and_refused_by_name_beyond_it(string field, SendInput good, SendInput bad)
    {
        Should.NotThrow(() => Draft.From(good, Now));
        var error = Should.Throw<ParleyError>(() => Draft.From(bad, Now));
        error.Field.ShouldBe(field);
        new[] { ErrorCode.InvalidRequest, ErrorCode.TooLarge }.ShouldContain(error.Code);
        error.Fix.ShouldNotBeEmpty();
    }

    [Fact]
    public void What_is_absent_takes_its_default()
    {
        var draft = Draft.From(Hello with { Content = "ask @tesla" }, Now);
        draft.Type.ShouldBe(MessageType.Chat);
        draft.Metadata.ShouldBe("{}");
        draft.Mentions.ShouldBe(["tesla"]);
        Draft.From(Hello with { Content = "ask @tesla", Mentions = [] }, Now).Mentions.ShouldBeEmpty();
    }

    [Fact]
    public void Any_text_is_stored_as_it_is_or_refused() => Prop.ForAll(
        Gen.Elements('a', ' ', '\n', '\0', '€', '\uD83D', '\uDE00', '@').ArrayOf().Select(characters => new string(characters)).ToArbitrary(),
        text =>
        {
            try
            {
                var draft = Draft.From(new SendInput { Content = text, Key = text, To = text }, Now);
                return draft.Content == text && draft.Key == text && new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) > 0 && !text.Contains('\0');
            }
            catch (ParleyError error)
            {
                return error.Code == ErrorCode.InvalidRequest && error.Field is "content" or "key" or "to";
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    private static List<string> Names(int count) => [.. Enumerable.Range(1, count).Select(number => $"agent{number}")];
}
