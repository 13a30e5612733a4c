using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Hosted;

/// <summary>What the command line shows and sets of hosted agents.</summary>
public sealed class HostedCommandTests : IAsyncLifetime
{
    private readonly ParleyProgram parley = new();

    public async ValueTask InitializeAsync()
    {
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "host", "tesla", "--model", "demo/echo");
    }

    public ValueTask DisposeAsync() => parley.DisposeAsync();

    [Fact]
    public async Task Show_tells_how_an_agent_is_hosted_as_JSON_too()
    {
        var hosted = (await parley.DoAsync("agent", "show", "tesla", "--json")).Json;
        hosted.GetProperty("kind").GetString().ShouldBe("hosted");
        hosted.GetProperty("hosting").GetProperty("model").GetString().ShouldBe("demo/echo");

        await parley.DoAsync("agent", "unhost", "tesla");
        (await parley.DoAsync("agent", "show", "tesla", "--json")).Json.TryGetProperty("hosting", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task None_removes_one_limit_and_leaves_the_others()
    {
        await parley.DoAsync("budget", "set", "--depth", "6", "--tokens", "1000", "--cost", "1.50");
        var root = (await parley.DoAsync("budget", "set", "--tokens", "none", "--json")).Json.GetProperty("root");
        root.TryGetProperty("max_tokens", out _).ShouldBeFalse();
        (root.GetProperty("max_cost").GetDecimal(), root.GetProperty("max_depth").GetInt32()).ShouldBe((1.5m, 6));

        await parley.DoAsync("budget", "set", "--agent", "tesla", "--tokens", "500", "--cost", "2");
        var day = OfTesla((await parley.DoAsync("budget", "set", "--agent", "tesla", "--cost", "none", "--json")).Json).ShouldNotBeNull();
        day.TryGetProperty("max_cost", out _).ShouldBeFalse();
        day.GetProperty("max_tokens").GetInt64().ShouldBe(500);
        OfTesla((await parley.DoAsync("budget", "set", "--agent", "tesla", "--json")).Json).ShouldBeNull("without a number the limit ends");

        var wrong = await parley.RunAsync(["budget", "set", "--tokens", "1.5"]);
        wrong.ExitCode.ShouldBe(2);
        wrong.Errors.ShouldContain("write a number such as 200000, or none");
    }

    [Fact]
    public async Task A_chain_is_exported_as_JSON_Lines()
    {
        await parley.DoAsync("agent", "add", "aaron");
        await parley.DoAsync("link", "tesla", "aaron");
        await parley.DoAsync("send", "tesla", "Hello", "--as", "aaron");
        var answer = parley.Follow("inbox", "--as", "aaron", "--follow");
        await ParleyProgram.LineAsync(answer, line => line.Contains("tesla", StringComparison.Ordinal));

        var id = (await parley.DoAsync("roots", "list", "--json")).Json.GetProperty("items")[0].GetProperty("id").GetString()!;
        var lines = (await parley.DoAsync("roots", "export", id)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        lines.ConvertAll(line => line.GetProperty("line").GetString()).ShouldBe(["root", "message", "turn"]);
        lines[0].GetProperty("id").GetString().ShouldBe(id);
        lines[1].GetProperty("content").GetString().ShouldBe("Hello");
        (lines[2].GetProperty("agent").GetString(), lines[2].GetProperty("state").GetString()).ShouldBe(("tesla", "answered"));
    }

    [Fact]
    public async Task A_key_is_stored_encrypted_listed_without_being_shown_and_forgotten()
    {
        const string Secret = "sk-or-6f1c2a";
        var set = await parley.RunAsync(["key", "set", "openrouter"], Secret + "\n");
        set.ExitCode.ShouldBe(0, set.Errors);
        set.Output.ShouldContain("The key of openrouter is stored.");
        var list = await parley.DoAsync("key", "list");
        list.Output.ShouldContain("openrouter\tstored\tOPENROUTER_API_KEY\n");
        (set.Output + set.Errors + list.Output).ShouldNotContain(Secret);
        foreach (var file in Directory.EnumerateFiles(parley.Data, "keys.*"))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldNotContain(Secret);
        }

        (await parley.DoAsync("key", "remove", "openrouter")).Output.ShouldContain("is forgotten");
        (await parley.DoAsync("key", "remove", "openrouter")).Output.ShouldContain("There was no stored key");
        (await parley.DoAsync("key", "list")).Output.ShouldContain("openrouter\tnone\tOPENROUTER_API_KEY\n");

        var unknown = await parley.RunAsync(["key", "set", "nobody"], Secret);
        unknown.ExitCode.ShouldBe(2);
        unknown.Errors.ShouldContain("fix: ");
        unknown.Errors.ShouldNotContain(Secret);
    }

    private static JsonElement? OfTesla(JsonElement budgets) =>
        budgets.GetProperty("days").EnumerateArray().Where(day => day.GetProperty("target").GetString() == "tesla").Select(day => (JsonElement?)day).SingleOrDefault();
}
