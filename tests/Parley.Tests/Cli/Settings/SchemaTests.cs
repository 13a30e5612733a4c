using System.Text.Json;
using Parley.Cli.Config;

namespace Parley.Tests.Cli.Settings;

public sealed class SchemaTests
{
    [Fact]
    public async Task The_schema_in_the_documents_is_the_tables()
    {
        var file = Repository.PathOf("docs/parley.schema.json");
        if (Environment.GetEnvironmentVariable("PARLEY_DOCS_WRITE") is { Length: > 0 })
        {
            await File.WriteAllTextAsync(file, ConfigSchema.Text(), TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(ConfigSchema.Text(), "Bring it up to date: PARLEY_DOCS_WRITE=1 ./test The_schema_in_the_documents");
    }

    [Fact]
    public void The_schema_explains_every_key_and_takes_no_other()
    {
        var schema = JsonSerializer.Deserialize<JsonElement>(ConfigSchema.Text());
        foreach (var (path, key) in ConfigKeys.All)
        {
            var at = schema;
            foreach (var name in path.Replace(".*", ".local", StringComparison.Ordinal).Replace("[]", ".items", StringComparison.Ordinal).Split('.'))
            {
                at = name == "items" ? at.GetProperty("items") : Below(at, name);
            }

            at.GetProperty("description").GetString().ShouldBe(key.Meaning, path);
        }

        static JsonElement Below(JsonElement schema, string name)
        {
            schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse(name);
            return schema.GetProperty("properties").GetProperty(name);
        }
    }

    [Fact]
    public void The_starter_is_free_of_faults_says_the_defaults_and_names_the_schema()
    {
        var started = ConfigRig.Read(Starter.Text).Sound();
        started.Findings.ShouldBeEmpty();
        started.Root["$schema"]!.Text.ShouldBe($"./{ConfigSchema.Name}");
        started.Settings.Select(setting => setting.Text).ShouldBe(ConfigRig.Read("{}").Settings.Select(setting => setting.Text));
        started.Policy.ChildrenFor("tesla").ShouldBe(5);
    }

    [Fact]
    public void Every_example_of_the_starter_is_free_of_faults_too()
    {
        var all = string.Join('\n', Starter.Text.Split('\n').Select(line => line.TrimStart().StartsWith("// \"", StringComparison.Ordinal) || line.TrimStart().StartsWith("// {", StringComparison.Ordinal) ? line.Replace("// \"", "\"").Replace("// {", "{") : line));
        all.ShouldNotBe(Starter.Text);
        var config = ConfigRig.Read(all).Sound();
        config.Policy.AllowedFor("ghost").ShouldBe(["*"]);
        (config.Policy.MaxTokens, config.Policy.MaxCost).ShouldBe((200_000, 500_000));
    }
}
