using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Parley.Cli.Connect;

namespace Parley.Tests.Cli.Connect;

public sealed class JsonEditTests
{
    private static readonly string[] Server = ["mcpServers", "parley"];
    private static readonly string[] List = ["hooks", "Stop"];
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static JsonObject Value => new() { ["command"] = "/opt/par ley", ["args"] = new JsonArray("mcp", "--as", "tesla") };

    [Fact]
    public void A_value_is_added_and_every_character_that_was_there_stays() => ForAny(text =>
    {
        var (member, element) = (JsonEdit.Set(text, Server, Value), JsonEdit.Append(text, List, Value, IsOurs));
        JsonNode.DeepEquals(JsonEdit.Find(member, Server), Value).ShouldBeTrue(member);
        JsonEdit.Find(element, List)!.AsArray().Count(IsOurs).ShouldBe(1, element);
        IsWithin(text, member).ShouldBeTrue(member);
        IsWithin(text, element).ShouldBeTrue(element);
        JsonEdit.Set(member, Server, Value).ShouldBe(member);
        JsonEdit.Append(element, List, Value, IsOurs).ShouldBe(element);
    });

    [Fact]
    public void What_was_added_is_taken_away_and_the_rest_means_what_it_meant() => ForAny(text =>
    {
        var member = JsonEdit.Remove(JsonEdit.Set(text, Server, Value), Server);
        var element = JsonEdit.Remove(JsonEdit.Append(text, List, Value, IsOurs), List, IsOurs);
        Same(text, member, Server).ShouldBeTrue(member);
        Same(text, element, List).ShouldBeTrue(element);
        if (JsonEdit.Find(text, ["mcpServers"]) is JsonObject { Count: > 0 })
        {
            member.ShouldBe(text);
        }

        if (JsonEdit.Find(text, List) is JsonArray { Count: > 0 })
        {
            element.ShouldBe(text);
        }
    });

    [Fact]
    public void A_member_anywhere_is_taken_away_and_the_others_stay() => ForAny(text =>
    {
        foreach (var (name, _) in Parse(text).AsObject())
        {
            var left = Parse(JsonEdit.Remove(text, [name])).AsObject();
            var meant = Parse(text).AsObject();
            meant.Remove(name);
            JsonNode.DeepEquals(left, meant).ShouldBeTrue($"{name} of {text}");
        }
    });

    [Fact]
    public void A_layout_is_kept()
    {
        JsonEdit.Set("{\n\t\"mcpServers\": {\n\t\t\"x\": {} // mine\n\t}\n}\n", Server, new JsonObject { ["command"] = "p" })
            .ShouldBe("{\n\t\"mcpServers\": {\n\t\t\"x\": {}, // mine\n\t\t\"parley\": {\n\t\t\t\"command\": \"p\"\n\t\t}\n\t}\n}\n");
        JsonEdit.Set("{\"mcpServers\":{\"x\":1}}", Server, new JsonObject { ["command"] = "p" }).ShouldBe("{\"mcpServers\":{\"x\":1, \"parley\": {\"command\":\"p\"}}}");
    }

    [Fact]
    public void A_value_of_another_kind_is_refused_and_so_is_what_is_no_JSON()
    {
        Should.Throw<JsonException>(() => JsonEdit.Set("{\"mcpServers\": []}", Server, Value));
        Should.Throw<JsonException>(() => JsonEdit.Append("{\"hooks\": {\"Stop\": {}}}", List, Value, IsOurs));
        Should.Throw<JsonException>(() => JsonEdit.Set("{ unquoted: 1 }", Server, Value));
        Should.Throw<JsonException>(() => JsonEdit.Set("{} {}", Server, Value));
    }

    private static void ForAny(Action<string> property) => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).Select(RandomJson.Of).ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private static bool IsOurs(JsonNode? node) => JsonNode.DeepEquals(node, Value);

    private static JsonNode Parse(string text) => JsonNode.Parse(text.TrimStart('\uFEFF'), documentOptions: Lenient)!;

    /// <summary>The same but for what had to be made on the way.</summary>
    private static bool Same(string before, string after, string[] path)
    {
        var (left, right) = (Parse(before), Parse(after));
        foreach (var depth in new[] { 2, 1 })
        {
            var above = path.Take(depth).ToArray();
            if (depth < path.Length || path == List)
            {
                if (JsonEdit.Find(before, above) is null && JsonEdit.Find(after, above) is not null)
                {
                    right = Parse(JsonEdit.Remove(right.ToJsonString(), above));
                }
            }
        }

        return JsonNode.DeepEquals(left, right);
    }

    private static bool IsWithin(string part, string whole)
    {
        var at = 0;
        foreach (var letter in whole)
        {
            at += at < part.Length && part[at] == letter ? 1 : 0;
        }

        return at == part.Length;
    }
}
