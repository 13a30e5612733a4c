using System.Text;
using Parley.Cli.Config;

namespace Parley.Tests.Cli.Settings;

public sealed class FaultTests
{
    /// <summary>The file, then for each fault: place, key, a part of the sentence, a part of the fix.</summary>
    [Theory]
    [InlineData("{ \"agnts\": {} }", "1:3", "agnts", "no such key", "Did you mean 'agents'?")]
    [InlineData("{ \"tools\": { \"agentToAgent\": { \"Enabled\": true } } }", "1:32", "tools.agentToAgent.Enabled", "no such key", "Did you mean 'enabled'?")]
    [InlineData("{ \"maxSpawnDepth\": 3 }", "1:3", "maxSpawnDepth", "no such key", "It belongs at agents.defaults.subagents.maxSpawnDepth.")]
    [InlineData("{ \"xyzzy\": 3 }", "1:3", "xyzzy", "no such key", "The keys here are tools, agents,")]
    [InlineData("{\n  // é\n  \"tools\": /* ü */ 5,\n}", "3:20", "tools", "This is a number, not an object", "Write an object")]
    [InlineData("{ \"tools\": { \"agentToAgent\": { \"enabled\": \"true\" } } }", "1:43", "tools.agentToAgent.enabled", "a text, not true or false", "without quotes: true")]
    [InlineData("{ \"tools\": { \"agentToAgent\": { \"allow\": \"*\" } } }", "1:41", "tools.agentToAgent.allow", "a text, not a list", "[\"tesla\"]")]
    [InlineData("{ \"tools\": { \"agentToAgent\": { \"allow\": [\"tesla\", \"no name\"] } } }", "1:51", "tools.agentToAgent.allow[1]", "'no name' is not a name", "1 to 50 letters")]
    [InlineData("{ \"tools\": { \"agentToAgent\": { \"allow\": [\"everyone\"] } } }", "1:42", "tools.agentToAgent.allow[0]", "reserved", "another name")]
    [InlineData("{ \"agents\": { \"list\": [{}] } }", "1:24", "agents.list[0]", "has no 'id'", "\"id\": \"tesla\"")]
    [InlineData("{ \"agents\": { \"list\": [{ \"id\": \"tesla\" },\n{ \"id\": \"Tesla\" }] } }", "2:9", "agents.list[1].id", "has an entry already, at parley.json:1", "one entry")]
    [InlineData("{ \"agents\": { \"defaults\": { \"subagents\": { \"maxChildrenPerAgent\": 11 } } } }", "1:67", "agents.defaults.subagents.maxChildrenPerAgent", "11 is not a whole number from 1 to 10", "from 1 to 10")]
    [InlineData("{ \"agents\": { \"defaults\": { \"subagents\": { \"maxConcurrent\": 2.5 } } } }", "1:61", "agents.defaults.subagents.maxConcurrent", "2.5 is not a whole number", "from 1 to 10000")]
    [InlineData("{ \"agents\": { \"defaults\": { \"subagents\": { \"timeoutMinutes\": 1441 } } } }", "1:62", "agents.defaults.subagents.timeoutMinutes", "1441 is not", "1440")]
    [InlineData("{ \"agents\": { \"defaults\": { \"subagents\": { \"maxCost\": 1e-7 } } } }", "1:55", "agents.defaults.subagents.maxCost", "1e-7 is not", "0.000001")]
    [InlineData("{ \"agents\": { \"defaults\": { \"subagents\": { \"maxTokens\": null } } } }", "1:57", "agents.defaults.subagents.maxTokens", "null", "Leave the key out.")]
    [InlineData("{ \"agents\": { \"defaults\": { \"subagents\": { \"model\": \"locla/x\" } } } }", "1:53", "agents.defaults.subagents.model", "no provider 'locla'", "Did you mean 'local'?")]
    [InlineData("{ \"agents\": { \"defaults\": { \"subagents\": { \"model\": \"demo/nobody\" } } } }", "1:53", "agents.defaults.subagents.model", "no demonstration model", "demo/echo")]
    [InlineData("{ \"agents\": { \"defaults\": { \"models\": { \"gpt\": {} } } } }", "1:41", "agents.defaults.models.gpt", "names no provider", "provider/model")]
    [InlineData("{ \"agents\": { \"defaults\": { \"models\": { \"local/x\": { \"alias\": 1 } } } } }", "1:54", "agents.defaults.models.local/x", "no parameters", "Write {}.")]
    [InlineData("{ \"models\": { \"providers\": { \"opnai\": {} } } }", "1:30", "models.providers.opnai", "no provider 'opnai'", "Did you mean 'openai'?")]
    [InlineData("{ \"models\": { \"providers\": { \"openai\": { \"api_key\": \"sk-1\" } } } }", "1:42", "models.providers.openai.api_key", "does not belong", "parley key set openai")]
    [InlineData("{ \"models\": { \"providers\": { \"local\": { \"baseUrl\": \"http://me:secret@host/v1\" } } } }", "1:52", "models.providers.local.baseUrl", "without a user", "http://127.0.0.1:1234/v1")]
    [InlineData("{ \"models\": { \"providers\": { \"demo\": { \"baseUrl\": \"http://127.0.0.1/\" } } } }", "1:51", "models.providers.demo.baseUrl", "built in", "Leave the key out.")]
    [InlineData("{ \"maxConcurrent\": 3, \"agents\": { \"maxConcurrent\": 4 } }", "1:20", "maxConcurrent", "agents.defaults.subagents.maxConcurrent says the same, at parley.json:1", "Keep one")]
    [InlineData("{ \"tools\": {}, \"tools\": {} }", "1:16", "tools", "twice", "Keep one")]
    [InlineData("{ \"server\": { \"listen\": [\"1.2.3\"] } }", "1:26", "server.listen[0]", "'1.2.3' is not an address", "127.0.0.1:7275")]
    [InlineData("{ \"server\": { \"listen\": [\"0.0.0.0:80\"] } }", "1:25", "server.listen", "reached from other machines", "--insecure")]
    [InlineData("{ \"server\": { \"key\": \"a.pem\" } }", "1:22", "server.key", "no certificate", "--cert")]
    [InlineData("{ \"server\": { \"keepDays\": 3 } }", "1:27", "server.keepDays", "from 7", "Write a whole number")]
    [InlineData("{ \"server\": { \"hosts\": [\"http://a\"] } }", "1:25", "server.hosts[0]", "not a host name", "the name alone")]
    [InlineData("{ \"server\": { \"origins\": [\"https://a/b\"] } }", "1:27", "server.origins[0]", "origin", "https://console.example.org")]
    [InlineData("{ \"server\": { \"proxies\": [\"proxy\"] } }", "1:27", "server.proxies[0]", "not an address", "10.0.0.4")]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2\n}", "3:3", "", "This is no JSON", "missing comma")]
    [InlineData("{} {}", "1:4", "", "This is no JSON", "Correct the JSON")]
    [InlineData("", "1:1", "", "empty", "Write {}")]
    [InlineData("[1]", "1:1", "", "a list, not an object", "Write an object")]
    public void Each_fault_is_named_with_its_place_and_its_fix(string file, string place, string key, string text, string fix)
    {
        var fault = ConfigRig.Read(file).Faults.ShouldHaveSingleItem();
        fault.Source.Exact.ShouldBe($"/etc/parley/parley.json:{place}");
        fault.Key.ShouldBe(key);
        fault.Text.ShouldContain(text);
        fault.Fix.ShouldContain(fix);
    }

    [Fact]
    public void All_faults_are_named_together_in_the_order_of_the_file()
    {
        var faults = ConfigRig.Read("""
            {
              "agents": { "list": [{ "id": "a b" }, { "id": "x", "subagents": { "maxChildrenPerAgent": 0 } }] },
              "tool": {},
              "models": { "providers": { "opnai": { "apiKey": "x" } } },
            }
            """, ("PARLEY__server__relaxed", "maybe"), ("PARLEY__agents__defaults__subagent__model", "demo/echo")).Faults.ToList();
        faults.Select(fault => fault.Key).ShouldBe(
            ["agents.list[0].id", "agents.list[1].subagents.maxChildrenPerAgent", "tool", "models.providers.opnai", "models.providers.opnai.apiKey", "agents.defaults.subagent", "server.relaxed"]);
    }

    [Fact]
    public void A_key_of_a_provider_is_never_printed()
    {
        var config = ConfigRig.Read("""{ "models": { "providers": { "openai": { "apiKey": "sk-secret", "token": "sk-secret" } } } }""", ("PARLEY__models__providers__openai__apiKey", "sk-secret"));
        config.Faults.Count().ShouldBe(3);
        config.Findings.ShouldAllBe(fault => !fault.ToString().Contains("sk-secret"));
    }

    [Fact]
    public void A_file_that_somebody_named_has_to_be_there()
    {
        var place = ConfigRig.Place() with { Required = true };
        LoadedConfig.Of(place, null).Faults.ShouldHaveSingleItem().Fix.ShouldContain("parley config init");
        LoadedConfig.Of(place with { Required = false }, null).Sound().Policy.ShouldBe(new Core.Sessions.SessionPolicy(), new SamePolicy());
    }

    [Fact]
    public void Text_that_is_no_text_is_a_fault()
    {
        LoadedConfig.Of(ConfigRig.Place(), [0xFF, 0xFE]).Faults.ShouldHaveSingleItem().Text.ShouldContain("UTF-8");
        ConfigRig.Read("{ \"tools\": \"\\ud800\" }").Faults.ShouldHaveSingleItem().Text.ShouldContain("surrogates");
        LoadedConfig.Of(ConfigRig.Place(), new byte[ConfigText.MostBytes + 1]).Faults.ShouldHaveSingleItem().Text.ShouldContain("1 MiB");
        ConfigRig.Read(new string('[', 100)).Faults.ShouldHaveSingleItem().Text.ShouldContain("no JSON");
        LoadedConfig.Of(ConfigRig.Place(), [.. Encoding.UTF8.Preamble, .. "{\"a\":1}"u8]).Faults.ShouldHaveSingleItem().Source.Column.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{ "agents": { "defaults": { "subagents": { "model": "local/b" }, "models": { "local/a": {} } } } }""", "agents.defaults.subagents.model", "agents.defaults.models does not list")]
    [InlineData("""{ "agents": { "defaults": { "models": { "local/a": {} } } }, "models": { "providers": { "openai": {} } } }""", "agents.defaults.models.local/a", "models.providers does not list")]
    [InlineData("""{ "agents": { "list": [{ "id": "a", "subagents": { "model": "local/b" } }] }, "models": { "providers": { "local": { "models": ["a"] } } } }""", "agents.list[0].subagents.model", "models.providers does not list")]
    [InlineData("""{ "models": { "providers": {} } }""", "models.providers", "No provider is named")]
    public void What_cannot_be_meant_is_a_warning(string file, string key, string text)
    {
        var warning = ConfigRig.Read(file).Sound().Warnings.ShouldHaveSingleItem();
        warning.Key.ShouldBe(key);
        warning.Text.ShouldContain(text);
    }

    [Fact]
    public void Agents_that_do_not_exist_yet_are_warnings_that_name_a_near_one()
    {
        var config = ConfigRig.Read("""{ "tools": { "agentToAgent": { "allow": ["telsa", "*"] } }, "agents": { "list": [{ "id": "ghost", "subagents": { "allowAgents": ["bond", "Tesla"] } }] } }""").Sound();
        var warnings = Crossings.Strangers(config.Root, ["ghost", "tesla"]).ToList();
        warnings.Select(warning => (warning.Key, warning.IsWarning)).ShouldBe([("tools.agentToAgent.allow[0]", true), ("agents.list[0].subagents.allowAgents[0]", true)]);
        warnings[0].Fix.ShouldStartWith("Did you mean 'tesla'?");
        warnings[1].Fix.ShouldBe("Add it: parley agent add bond");
    }
}
