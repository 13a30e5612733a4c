using Parley.Core;
using Parley.Core.Turns;

namespace Parley.Tests.Runtimes;

public sealed class ModelCatalogTests
{
    [Fact]
    public async Task Every_provider_is_listed_with_its_state_and_its_models()
    {
        await using var models = await FakeModels.StartAsync();
        models.Key = RuntimeRig.Key;
        await using var rig = new RuntimeRig(models);
        rig.Variables.Remove("OPENROUTER_API_KEY");
        rig.Variables["ANTHROPIC_API_KEY"] = "wrong";
        rig.Variables["PARLEY_LOCAL_KEY"] = RuntimeRig.Key;

        var providers = (await rig.Catalog.ListAsync(CancellationToken.None).Within(RuntimeRig.Limit)).ToDictionary(provider => provider.Name);

        providers.Keys.ShouldBe(["openai", "anthropic", "openrouter", "local", "demo"]);
        providers["openai"].State.ShouldBe("ready");
        providers["openai"].Models.Select(model => model.Name).ShouldBe(["openai/large", "openai/small"]);
        providers["anthropic"].State.ShouldBe("no key");
        providers["anthropic"].Note.ShouldNotContain("wrong");
        providers["openrouter"].Note.ShouldContain("parley key set openrouter");
        providers["local"].Models.ShouldAllBe(model => model.Price == Price.Free);
        providers["demo"].Models.Select(model => model.Name).ShouldBe(["demo/echo", "demo/ceo", "demo/cto", "demo/cfo", "demo/team", "demo/ghost", "demo/specialist"]);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_does_not_hold_up_the_list()
    {
        await using var models = await FakeModels.StartAsync();
        models.Break(FakeEnd.Stall);
        await using var rig = new RuntimeRig(models, options => options with { Addresses = new Dictionary<string, string> { ["openai"] = models.OpenAiUrl, ["local"] = "http://127.0.0.1:9/v1" } });
        rig.Variables.Remove("ANTHROPIC_API_KEY");
        rig.Variables.Remove("OPENROUTER_API_KEY");

        var asking = rig.Catalog.ListAsync(CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        var providers = (await asking.Within(RuntimeRig.Limit)).ToDictionary(provider => provider.Name);

        providers["openai"].State.ShouldBe("unreachable");
        providers["openai"].Note.ShouldContain("3 s");
        providers["openai"].Models.ShouldContain(model => model.Name == "openai/gpt-5.4");
        providers["local"].Note.ShouldContain("PARLEY_LOCAL_URL");
    }

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5-20250929", 3_000_000, 300_000, 15_000_000)]
    [InlineData("anthropic/claude-opus-5", 5_000_000, 500_000, 25_000_000)]
    [InlineData("anthropic/claude-opus-5-5", 4_000_000, 200_000, 20_000_000)]
    [InlineData("openai/gpt-5.4-mini", 750_000, 75_000, 4_500_000)]
    [InlineData("openai/gpt-4.1-2025-04-14", 2_000_000, 500_000, 8_000_000)]
    [InlineData("local/anything", 0, 0, 0)]
    [InlineData("demo/echo", 0, 0, 0)]
    public async Task A_known_model_has_a_price(string model, long input, long cached, long output)
    {
        await using var rig = new RuntimeRig();

        // Anthropic publishes 1.25 times the input for what is written into its cache for 5 minutes.
        rig.Catalog.PriceOf(model).ShouldBe(new Price(input, cached, output, model.StartsWith("anthropic/", StringComparison.Ordinal) ? input * 5 / 4 : null));
    }

    [Fact]
    public void What_is_written_into_the_cache_has_its_own_price_and_without_one_that_of_other_input()
    {
        var usage = new Usage(1_000_000, 300_000, 100_000, 600_000);
        new Price(4, 1, 10, 5).Of(usage).ShouldBe(5, "4.7 is rounded up");
        new Price(4_000_000, 1_000_000, 10_000_000, 5_000_000).Of(usage).ShouldBe(400_000 + 300_000 + 1_000_000 + 3_000_000);
        new Price(4_000_000, 1_000_000, 10_000_000).Of(usage).ShouldBe((4_000_000 * 7 / 10) + 300_000 + 1_000_000);
    }

    [Fact]
    public void A_call_reserves_enough_for_a_prompt_that_is_written_into_the_cache_whole()
    {
        var request = RuntimeRig.Request("anthropic/claude-opus-5", PromptMessage.User(new string('x', 4_000)));
        var (dear, plain) = (new Price(4_000_000, 1_000_000, 10_000_000, 5_000_000), new Price(4_000_000, 1_000_000, 10_000_000));
        var most = ModelRequest.MostOf(request, dear);
        most.Tokens.ShouldBe(ModelRequest.MostOf(request, plain).Tokens);
        var input = most.Tokens - request.MaxOutputTokens;
        most.Cost.ShouldBe(dear.Of(new Usage(input, 0, request.MaxOutputTokens, input)));
    }

    [Theory]
    [InlineData("openai/gpt-5.4-audio")]
    [InlineData("openrouter/openai/gpt-5.4")]
    [InlineData("anthropic/claude-unheard-of")]
    public async Task An_unknown_model_has_no_price(string model)
    {
        await using var rig = new RuntimeRig();

        rig.Catalog.PriceOf(model).ShouldBeNull();
    }

    [Fact]
    public async Task The_table_in_the_data_folder_goes_first_and_counts_at_once()
    {
        await using var rig = new RuntimeRig();
        File.WriteAllText(rig.Folder["prices.json"], """{"models":{"openrouter/*":{"input":1,"output":2},"openai/gpt-5":{"input":9,"cached_input":8,"output":7}}}""");

        rig.Catalog.PriceOf("openrouter/openai/gpt-5").ShouldBe(new Price(1_000_000, 1_000_000, 2_000_000));
        rig.Catalog.PriceOf("openai/gpt-5").ShouldBe(new Price(9_000_000, 8_000_000, 7_000_000));
        rig.Catalog.PriceOf("openai/gpt-4o")!.Output.ShouldBe(10_000_000);
        File.WriteAllText(rig.Folder["prices.json"], """{"models":{"openrouter/*":{"input":10,"output":20}}}""");
        rig.Catalog.PriceOf("openrouter/openai/gpt-5")!.Input.ShouldBe(10_000_000);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"models":{"openai/gpt-5":{"input":-1,"output":2}}}""")]
    [InlineData("""{"models":{"openai/gpt-5":{"input":1}}}""")]
    [InlineData("{}")]
    public async Task A_table_that_cannot_be_read_is_named(string json)
    {
        await using var rig = new RuntimeRig();
        File.WriteAllText(rig.Folder["prices.json"], json);

        Should.Throw<ParleyError>(() => rig.Catalog.PriceOf("openai/gpt-5")).Message.ShouldContain("prices.json");
    }

    [Theory]
    [InlineData("openai/gpt-5", true)]
    [InlineData("local/qwen2.5-7b-instruct", true)]
    [InlineData("openrouter/vendor/model:free", true)]
    [InlineData("demo/ceo", true)]
    [InlineData("demo/coo", false)]
    [InlineData("gpt-5", false)]
    [InlineData("nobody/gpt-5", false)]
    [InlineData("openai/", false)]
    [InlineData("openai/two words", false)]
    public async Task A_name_is_checked_without_asking_anybody(string model, bool good)
    {
        await using var rig = new RuntimeRig();

        if (good)
        {
            rig.Catalog.Check(model);
        }
        else
        {
            Should.Throw<ParleyError>(() => rig.Catalog.Check(model)).Code.ShouldBe(ErrorCode.InvalidRequest);
        }
    }
}
