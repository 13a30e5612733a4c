using Parley.Core;
using Parley.Core.Turns;

namespace Parley.Tests.Runtimes;

public sealed class ProviderKeysTests
{
    [Fact]
    public async Task A_key_that_was_set_counts_for_the_next_call()
    {
        await using var models = await FakeModels.StartAsync();
        models.Key = "stored-key";
        models.Answer("Yes.");
        await using var rig = new RuntimeRig(models);
        rig.Variables.Clear();
        (await rig.FaultAsync("openai/small")).Kind.ShouldBe(RuntimeFaultKind.Unauthenticated);

        rig.Keys.Set("openai", " stored-key\n");

        (await rig.AskAsync("openai/small")).Text.ShouldBe("Yes.");
    }

    [Fact]
    public async Task The_environment_goes_before_the_store()
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("Yes.");
        await using var rig = new RuntimeRig(models);
        rig.Keys.Set("openai", "stored-key");

        await rig.AskAsync("openai/small");

        models.Requests[0].Headers["authorization"].ShouldBe($"Bearer {RuntimeRig.Key}");
        rig.Keys.List().Single(key => key.Provider == "openai").Source.ShouldBe(KeySource.Environment);
    }

    [Fact]
    public async Task The_list_says_where_each_key_comes_from_and_no_value()
    {
        await using var rig = new RuntimeRig();
        rig.Variables["ANTHROPIC_API_KEY"] = "from-the-environment";
        rig.Keys.Set("openrouter", "stored-key");

        rig.Keys.List().ShouldBe(
        [
            new ProviderKey("openai", KeySource.None, "OPENAI_API_KEY", Required: true),
            new ProviderKey("anthropic", KeySource.Environment, "ANTHROPIC_API_KEY", Required: true),
            new ProviderKey("openrouter", KeySource.Stored, "OPENROUTER_API_KEY", Required: true),
            new ProviderKey("local", KeySource.None, "PARLEY_LOCAL_KEY", Required: false),
        ]);
        $"{rig.Keys}".ShouldNotContain("key-");
    }

    [Fact]
    public async Task The_files_are_the_owners_alone_and_hold_no_key_in_clear()
    {
        await using var rig = new RuntimeRig();
        rig.Keys.Set("openai", "very-secret-key");

        foreach (var file in Directory.GetFiles(rig.Folder.Path))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
            File.ReadAllText(file).ShouldNotContain("very-secret");
        }

        Directory.GetFiles(rig.Folder.Path).Select(Path.GetFileName).Order().ShouldBe(["keys.json", "keys.secret"]);
    }

    [Fact]
    public async Task A_removed_key_is_gone_and_the_others_stay()
    {
        await using var rig = new RuntimeRig();
        rig.Keys.Set("openai", "one");
        rig.Keys.Set("anthropic", "two");

        rig.Keys.Remove("openai").ShouldBeTrue();

        rig.Keys.Remove("openai").ShouldBeFalse();
        rig.Keys.List().Where(key => key.Source == KeySource.Stored).Select(key => key.Provider).ShouldBe(["anthropic"]);
    }

    [Fact]
    public async Task A_key_that_was_moved_to_another_providers_entry_is_not_used()
    {
        await using var rig = new RuntimeRig();
        rig.Keys.Set("openai", "stored-key");
        var file = rig.Folder["keys.json"];
        File.WriteAllText(file, File.ReadAllText(file).Replace("openai", "anthropic", StringComparison.Ordinal));

        var fault = await rig.FaultAsync("anthropic/small");

        fault.Kind.ShouldBe(RuntimeFaultKind.Unauthenticated);
        fault.Message.ShouldContain("parley key set");
    }

    [Theory]
    [InlineData("openai", "")]
    [InlineData("openai", "two words")]
    [InlineData("openai", "line\r\nInjected: header")]
    [InlineData("demo", "key")]
    [InlineData("nobody", "key")]
    public async Task What_is_no_key_is_refused(string provider, string key)
    {
        await using var rig = new RuntimeRig();

        Should.Throw<ParleyError>(() => rig.Keys.Set(provider, key)).Code.ShouldBe(ErrorCode.InvalidRequest);
    }
}
