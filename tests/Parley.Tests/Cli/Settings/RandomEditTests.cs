using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Parley.Cli.Config;

namespace Parley.Tests.Cli.Settings;

/// <summary>Whatever somebody does to a valid file: the checker never breaks, and gives either a policy or at least one fault.</summary>
public sealed class RandomEditTests
{
    private static readonly string Valid = """
        {
          // comment
          "$schema": "./parley.schema.json",
          "tools": { "agentToAgent": { "enabled": true, "allow": ["ghost", "*"] } },
          "agents": {
            "list": [{ "id": "ghost", "subagents": { "allowAgents": ["*"], "model": "demo/ceo", "maxChildrenPerAgent": 7 } }, { "id": "é" }],
            "defaults": { "subagents": { "model": "demo/echo", "maxConcurrent": 10, "timeoutMinutes": 1.5, "maxTokens": 2000, "maxCost": 0.25, "hold": true }, "models": { "demo/echo": {} }, },
          },
          "models": { "providers": { "demo": { "models": ["echo"] }, "local": { "baseUrl": "http://127.0.0.1:1/v1" } } },
          "server": { "listen": ["127.0.0.1:0"], "database": "Host=x;Password=y", "keepDays": 30, "relaxed": false },
        }
        """.Replace("é", "bond");

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "0", "-1", "1e999", "1e-99", "99999999999999999999999999999999", "\"x\"", "{}", "[]", "// ", "/*", "*/", "\n", "\\u0000", "\"\\ud800\"", "é", "\uD83D\uDE00",
        "\"id\": \"\"", "\"id\": 5", "\"agents\": []", "\"subagents\": null", "\"maxConcurrent\": {}", "\"models\": [{}]", "\"/\": {}", "\"demo/\": {}", "\"providers\": { \"\": {} }", "\"server\": []", "\"listen\": [[]]",
    ];

    private static readonly string[] Names = ["agents", "list", "defaults", "subagents", "model", "models", "providers", "local", "baseUrl", "server", "listen", "maxConcurrent", "tools", "", "*", "x", "ghost", "id"];

    private static Gen<string> Edited =>
        from edits in (from at in Gen.Choose(0, Valid.Length) from length in Gen.Choose(0, 40) from piece in Gen.Elements(Pieces) select (at, length, piece)).NonEmptyListOf().Resize(4)
        select edits.Aggregate(Valid, (text, edit) =>
        {
            var at = Math.Min(edit.at, text.Length);
            return text[..at] + edit.piece + text[Math.Min(text.Length, at + edit.length)..];
        });

    private static Gen<(string Name, string Value)> Variable =>
        from names in Gen.Elements(Names).NonEmptyListOf() from value in Gen.Elements("", "5", "true", "demo/echo", "{}", "a,b", ",", "http://x/") select ($"PARLEY__{string.Join("__", names)}", value);

    [Fact]
    public void An_edited_file_is_a_policy_or_has_faults() => Prop.ForAll(Edited.ToArbitrary(), file => Judge(ConfigRig.Read(file))).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_file_cut_anywhere_has_a_fault()
    {
        ConfigRig.Read(Valid).Faults.ShouldBeEmpty();
        for (var length = 0; length < Valid.Length; length++)
        {
            ConfigRig.Read(Valid[..length]).Faults.ShouldNotBeEmpty($"cut after {length}");
        }
    }

    [Fact]
    public void An_environment_of_any_names_is_a_policy_or_has_faults() => Prop.ForAll(Variable.NonEmptyListOf().ToArbitrary(), Edited.ToArbitrary(), (variables, file) =>
    {
        var unique = variables.DistinctBy(pair => pair.Name).ToArray();
        Judge(ConfigRig.Read(Valid, unique));
        Judge(ConfigRig.Read(file, unique));
        Judge(ConfigRig.Read("{}", unique));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Any_bytes_are_a_policy_or_have_faults() => Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(), bytes => Judge(LoadedConfig.Of(ConfigRig.Place(), bytes))).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static void Judge(LoadedConfig config)
    {
        if (config.IsSound)
        {
            config.Policy.MaxConcurrent.ShouldBeInRange(1, 10_000);
            config.Policy.ChildrenFor("ghost").ShouldBeInRange(1, 10);
            config.Policy.Timeout.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
            config.Server.Listen.ShouldNotBeEmpty();
            config.Settings.ShouldNotBeEmpty();
            _ = (Crossings.Strangers(config.Root, ["tesla"]).Count(), ConfigPolicy.Addresses(config.Root).Count);
        }
        else
        {
            config.Faults.ShouldAllBe(fault => fault.Text.Length > 0 && fault.Fix.Length > 0 && fault.Source.Name.Length > 0);
        }
    }
}
