using System.Text.Json.Nodes;
using Parley.Cli.Config;
using Parley.Core.Sessions;
using Parley.Server;

namespace Parley.Tests.Cli.Settings;

public sealed class ValueTests
{
    /// <summary>The two blocks of the founding document, and the third, in one file.</summary>
    private const string Document = """
        {
          "tools": { "agentToAgent": { "enabled": true, "allow": ["ghost", "tesla", "aaron", "barnum", "bond", "patton", "buffett"] } },
          "agents": {
            "list": [{ "id": "ghost", "subagents": { "allowAgents": ["*"] } }],
            "defaults": { "subagents": { "model": "local/qwen2.5-7b-instruct" } }
          }
        }
        """;

    [Fact]
    public void The_blocks_of_the_founding_document_work_as_written()
    {
        var policy = ConfigRig.Read(Document).Sound().Policy;
        policy.AgentToAgent.ShouldBeTrue();
        policy.Allow.ShouldBe(["ghost", "tesla", "aaron", "barnum", "bond", "patton", "buffett"]);
        policy.AllowedFor("ghost").ShouldBe([SessionPolicy.Everyone]);
        policy.AllowedFor("tesla").ShouldBe(["tesla"]);
        policy.ModelFor("tesla").ShouldBe("local/qwen2.5-7b-instruct");
        policy.ChildrenFor("ghost").ShouldBe(5);
        policy.MaxConcurrent.ShouldBe(10);
    }

    [Fact]
    public void Every_key_of_the_policy_arrives()
    {
        var policy = ConfigRig.Read("""
            {
              "tools": { "agentToAgent": { "enabled": false, "allow": [] } },
              "agents": {
                "list": [{ "id": "Ghost", "subagents": { "allowAgents": ["Tesla"], "model": "demo/ceo", "maxChildrenPerAgent": 7 } }, { "id": "bond" }],
                "defaults": {
                  "subagents": { "model": "demo/echo", "allowAgents": ["*"], "maxChildrenPerAgent": 9, "maxConcurrent": 1000, "maxSpawnDepth": 2, "timeoutMinutes": 1.5,
                    "noProgressMinutes": 3, "maxTokens": 200000, "maxCost": 0.25, "hold": true },
                  "models": { "demo/echo": {}, "demo/ceo": {} },
                },
              },
              "models": { "providers": { "demo": { "models": ["echo", "ceo"] }, "local": {} } },
            }
            """).Sound().Policy;
        policy.ShouldBe(
            new SessionPolicy
            {
                AgentToAgent = false,
                Allow = [],
                Agents = new Dictionary<string, AgentSessionPolicy> { ["ghost"] = new() { AllowAgents = ["tesla"], Model = "demo/ceo", MaxChildren = 7 }, ["bond"] = new() },
                Defaults = new AgentSessionPolicy { AllowAgents = ["*"], Model = "demo/echo", MaxChildren = 9 },
                Models = ["demo/echo", "demo/ceo"],
                Providers = new Dictionary<string, IReadOnlyList<string>?> { ["demo"] = ["echo", "ceo"], ["local"] = null },
                MaxConcurrent = 1000,
                MaxSpawnDepth = 2,
                Timeout = TimeSpan.FromSeconds(90),
                NoProgress = TimeSpan.FromMinutes(3),
                MaxTokens = 200_000,
                MaxCost = 250_000,
                HoldSpawns = true,
            }, new SamePolicy());
    }

    [Theory]
    [InlineData("""{ "maxConcurrent": 40, "maxChildrenPerAgent": 8 }""")]
    [InlineData("""{ "agents": { "maxConcurrent": 40, "maxChildrenPerAgent": 8 } }""")]
    [InlineData("""{ "agents": { "defaults": { "maxConcurrent": 40, "maxChildrenPerAgent": 8 } } }""")]
    [InlineData("""{ "agents": { "defaults": { "subagents": { "maxConcurrent": 40, "maxChildrenPerAgent": 8 } } } }""")]
    public void The_limits_count_wherever_a_reader_of_the_document_puts_them(string file)
    {
        var policy = ConfigRig.Read(file).Sound().Policy;
        (policy.MaxConcurrent, policy.ChildrenFor("tesla")).ShouldBe((40, 8));
    }

    [Fact]
    public void The_defaults_of_the_table_are_those_of_the_program()
    {
        var said = new JsonObject();
        foreach (var (path, key) in ConfigKeys.All.Where(entry => entry.Key.Default is not null && !entry.Path.Contains("[]")))
        {
            var at = said;
            foreach (var name in path.Split('.')[..^1])
            {
                at = (at[name] ??= new JsonObject()).AsObject();
            }

            at[key.Name] = JsonNode.Parse(key.Default!);
        }

        var (all, none) = (ConfigRig.Read(said.ToJsonString()).Sound(), ConfigRig.Read("{}").Sound());
        all.Settings.Count(setting => setting.Source.Kind == SourceKind.File).ShouldBeGreaterThan(15);
        all.Policy.Defaults.MaxChildren.ShouldBe(none.Policy.ChildrenFor("tesla"));
        (all.Policy with { Defaults = none.Policy.Defaults }).ShouldBe(none.Policy, new SamePolicy());
        none.Policy.ShouldBe(new SessionPolicy(), new SamePolicy());
        var (spoken, silent) = (all.Server.ToServer(null), none.Server.ToServer(null));
        System.Text.Json.JsonSerializer.Serialize(spoken).ShouldBe(System.Text.Json.JsonSerializer.Serialize(silent));
        System.Text.Json.JsonSerializer.Serialize(silent).ShouldBe(System.Text.Json.JsonSerializer.Serialize(new ServerOptions()));
        all.Settings.Select(setting => setting.Text).ShouldBe(none.Settings.Select(setting => setting.Text));
    }

    [Fact]
    public void An_option_goes_before_the_environment_which_goes_before_the_file()
    {
        const string File = """{ "server": { "keepDays": 10, "database": "Host=file", "listen": ["127.0.0.1:1"], "relaxed": true } }""";
        var environment = new Dictionary<string, string> { ["PARLEY__server__keepDays"] = "20", ["PARLEY_DATABASE"] = "Host=old", ["PARLEY__SERVER__LISTEN"] = "127.0.0.1:2, 127.0.0.1:3" };
        var place = ConfigRig.Place(environment, Given.Option("server.keepDays", "--keep-days", "30"));
        var config = LoadedConfig.Of(place, System.Text.Encoding.UTF8.GetBytes(File)).Sound();
        config.Server.KeepDays.ShouldBe(30);
        config.Server.Database.ShouldBe("Host=old");
        config.Server.Listen.ShouldBe(["127.0.0.1:2", "127.0.0.1:3"]);
        config.Settings.Where(setting => setting.Source.Kind != SourceKind.Default).ToDictionary(setting => setting.Key, setting => setting.Source.Short).ShouldBe(
            new Dictionary<string, string> { ["server.listen"] = "PARLEY__SERVER__LISTEN", ["server.database"] = "PARLEY_DATABASE", ["server.relaxed"] = "parley.json:1", ["server.keepDays"] = "--keep-days" }, ignoreOrder: true);
    }

    [Fact]
    public void The_environment_reaches_every_key_with_one_value()
    {
        var config = ConfigRig.Read(
            """{ "agents": { "list": [{ "id": "ghost", "subagents": { "maxChildrenPerAgent": 2 } }] } }""",
            ("PARLEY__agents__list__ghost__subagents__model", "demo/ceo"), ("PARLEY__agents__list__bond__subagents__maxChildrenPerAgent", "3"),
            ("PARLEY__tools__agentToAgent__allow", "ghost,bond"), ("PARLEY__tools__agentToAgent__enabled", "FALSE"), ("PARLEY__maxConcurrent", "99")).Sound();
        config.Policy.Agents["ghost"].ShouldBe(new AgentSessionPolicy { Model = "demo/ceo", MaxChildren = 2 });
        config.Policy.Agents["bond"].MaxChildren.ShouldBe(3);
        config.Policy.Allow.ShouldBe(["ghost", "bond"]);
        (config.Policy.AgentToAgent, config.Policy.MaxConcurrent).ShouldBe((false, 99));
    }

    [Fact]
    public void An_address_in_the_environment_moves_a_provider_and_forbids_no_other()
    {
        var config = ConfigRig.Read("{}", ("PARLEY_LOCAL_URL", "http://127.0.0.1:1/v1"), ("PARLEY__models__providers__openai__baseUrl", "http://127.0.0.1:2/v1")).Sound();
        config.Policy.Providers.ShouldBeNull();
        ConfigPolicy.Addresses(config.Root).ShouldBe(new Dictionary<string, string> { ["openai"] = "http://127.0.0.1:2/v1" }, "the runtimes read PARLEY_LOCAL_URL by themselves");
        var filed = ConfigRig.Read("""{ "models": { "providers": { "local": { "baseUrl": "http://127.0.0.1:3/v1" } } } }""", ("OPENAI_BASE_URL", "http://127.0.0.1:2/v1")).Sound();
        filed.Policy.Providers!.Keys.ShouldBe(["local"]);
        ConfigPolicy.Addresses(filed.Root).ShouldBe(new Dictionary<string, string> { ["local"] = "http://127.0.0.1:3/v1" });
        ConfigRig.Read("{}", ("OPENAI_BASE_URL", "nonsense")).Sound().Warnings.ShouldHaveSingleItem().Source.Name.ShouldBe("OPENAI_BASE_URL");
    }

    [Fact]
    public void A_password_of_the_database_is_not_shown()
    {
        var config = ConfigRig.Read("""{ "server": { "database": "Host=db;Password='a;b';Username=u;PWD=\"x\"\"y\"" } }""").Sound();
        config.Settings.Single(setting => setting.Key == "server.database").Text.ShouldBe("Host=db;Password=***;Username=u;PWD=***");
        config.Server.Database.ShouldBe("Host=db;Password='a;b';Username=u;PWD=\"x\"\"y\"");
        ConfigRig.Read("{}", ("PARLEY_DATABASE", "postgresql://u:secret@db/parley")).Settings.Single(setting => setting.Key == "server.database").Text.ShouldBe("postgresql://u:***@db/parley");
    }

    [Fact]
    public void Files_that_the_file_names_lie_beside_it()
    {
        ConfigRig.Read("""{ "server": { "cert": "tls/a.pfx" } }""").Sound().Server.Certificate.ShouldBe("/etc/parley/tls/a.pfx");
        ConfigRig.Read("{}", ("PARLEY__server__cert", "tls/a.pfx")).Sound().Server.Certificate.ShouldBe("tls/a.pfx");
    }
}
