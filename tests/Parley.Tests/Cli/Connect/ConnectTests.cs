using System.Text.Json.Nodes;
using Parley.Cli.Connect;
using Parley.Client;

namespace Parley.Tests.Cli.Connect;

public sealed class ConnectTests
{
    private const string Theirs = """
        {
          // mine
          "theme": "dark",
          "mcpServers": { "files": { "command": "npx" } }, /* both */
          "servers": { "files": { "command": "npx" } },
          "mcp": { "files": { "type": "remote" }, "servers": { "files": { "command": "npx" } } },
          "hooks": {
            "Stop": [
              { "hooks": [{ "type": "command", "command": "say done" }] }
            ],
            "AfterAgent": [{ "hooks": [] }], "stop": [{ "command": "say done" }],
          },
        }
        """;

    private const string TheirToml = "model = \"gpt\" # why\n\n[mcp_servers.files]\ncommand = \"npx\"\n\n[tools] # end";

    public static TheoryData<string, bool> Programs
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var program in KnownProgram.All)
            {
                all.Add(program.Name, false);
                if (program.HasProject)
                {
                    all.Add(program.Name, true);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_empty_home_is_empty_again_after_a_program_was_connected_and_removed(string name, bool isProject)
    {
        using var home = new ConnectHome();
        var before = home.Everything();
        home.Add(Find(name), isProject).ShouldAllBe(file => file.Now == null && file.Then != null);
        home.Everything().ShouldNotBe(before);
        home.Remove(Find(name), isProject);
        home.Everything().ShouldBe(before);
    }

    [Fact]
    public void A_link_that_leads_to_nothing_yet_is_followed_and_stays()
    {
        using var home = new ConnectHome();
        Directory.CreateDirectory(home.PathOf(".cursor"));
        Directory.CreateDirectory(home.PathOf("dotfiles"));
        File.CreateSymbolicLink(home.PathOf(".cursor/mcp.json"), home.PathOf("dotfiles/mcp.json"));
        home.Add(Find("cursor"));
        home.Json("dotfiles/mcp.json")["mcpServers"]!["parley"].ShouldNotBeNull();
        home.Remove(Find("cursor"));
        File.Exists(home.PathOf("dotfiles/mcp.json")).ShouldBeFalse();
        new FileInfo(home.PathOf(".cursor/mcp.json")).LinkTarget.ShouldBe(home.PathOf("dotfiles/mcp.json"));
    }

    [Theory]
    [InlineData("folder", "there is a folder")]
    [InlineData("file above", "there is a folder, or a file")]
    [InlineData("read-only", "chmod u+w")]
    [InlineData("array", "It is no JSON object.")]
    [InlineData("loop", "")]
    public void What_cannot_be_written_is_refused_before_anything_is(string obstacle, string told)
    {
        using var home = new ConnectHome();
        var settings = home.PathOf(".cursor/mcp.json");
        switch (obstacle)
        {
            case "folder":
                Directory.CreateDirectory(settings);
                break;
            case "file above":
                home.Write(".cursor", "hello");
                break;
            case "loop":
                Directory.CreateDirectory(home.PathOf(".cursor"));
                File.CreateSymbolicLink(settings, settings);
                break;
            default:
                home.Write(".cursor/mcp.json", obstacle == "array" ? "[1]" : "{}");
                File.SetUnixFileMode(settings, obstacle == "array" ? UnixFileMode.UserRead | UnixFileMode.UserWrite : UnixFileMode.UserRead);
                break;
        }

        var before = Directory.EnumerateFileSystemEntries(home.PathOf("."), "*", SearchOption.AllDirectories).Order().ToList();
        var refusal = Should.Throw<Exception>(() => home.Add(Find("cursor")));
        (refusal is ParleyException known ? known.Message + known.Fix : refusal.Message).ShouldContain(told);
        Directory.EnumerateFileSystemEntries(home.PathOf("."), "*", SearchOption.AllDirectories).Order().ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_a_person_had_stays_and_is_the_same_to_the_byte_afterwards(string name, bool isProject)
    {
        using var home = new ConnectHome();
        var files = Fill(home, name, isProject);
        var before = home.Everything();
        home.Add(Find(name), isProject);
        home.Add(Find(name), isProject).ShouldAllBe(file => !file.IsChange, "connecting twice is connecting once");
        home.Add(Find(name), isProject, "aaron").Any(file => file.IsChange).ShouldBeTrue("another agent takes its place");
        files.ShouldAllBe(file => File.ReadAllText(file).Contains("npx") && File.ReadAllText(file).Contains("mcp") || file.EndsWith("hooks.json"));
        home.Remove(Find(name), isProject);
        home.Everything().ShouldBe(before);
        home.Remove(Find(name), isProject);
        home.Everything().ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_a_person_changed_since_stays_when_the_program_is_removed(string name, bool isProject)
    {
        using var home = new ConnectHome();
        Fill(home, name, isProject);
        var before = home.Everything();
        foreach (var file in home.Add(Find(name), isProject).Select(file => file.Path).Where(file => !file.EndsWith(".js")))
        {
            File.AppendAllText(file, file.EndsWith(".toml") ? "# since\n" : "\n// since\n");
        }

        home.Remove(Find(name), isProject);
        foreach (var (left, was) in home.Everything().Zip(before))
        {
            var added = Convert.ToHexString("# since\n"u8.ToArray());
            left.Contains(added[2..]).ShouldBe(File.Exists(left.Split(": ")[0]));
            left.Contains(Convert.ToHexString("--as"u8.ToArray())).ShouldBeFalse(left);
            left.ShouldStartWith(was[..^2][..Math.Min(was.Length - 2, 200)]);
        }
    }

    [Fact]
    public void A_server_of_another_maker_under_the_same_name_is_refused_and_nothing_is_written()
    {
        using var home = new ConnectHome();
        home.Write(".claude.json", """{ "mcpServers": { "parley": { "command": "parrot" } } }""");
        home.Write(".codex/config.toml", "[mcp_servers.parley]\ncommand = \"parrot\"\n");
        var before = home.Everything();
        Should.Throw<ParleyException>(() => home.Add(Find("claude-code"))).Code.ShouldBe("conflict");
        Should.Throw<ParleyException>(() => home.Add(Find("codex"))).Code.ShouldBe("conflict");
        home.Everything().ShouldBe(before);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused_before_any_is_written()
    {
        using var home = new ConnectHome();
        home.Write(".claude/settings.json", "{ hooks: ");
        var before = home.Everything();
        Should.Throw<ParleyException>(() => home.Add(Find("claude-code"))).Fix.ShouldContain("Nothing was written");
        home.Everything().ShouldBe(before);
    }

    [Fact]
    public void What_a_person_added_to_the_entry_stays_when_it_is_written_again()
    {
        using var home = new ConnectHome();
        home.Add(Find("claude-code"));
        home.Write(".claude.json", home.Json(".claude.json").ToJsonString().Replace("\"type\":\"stdio\"", "\"type\":\"stdio\",\"env\":{\"X\":\"1\"}"));
        home.Add(Find("claude-code"), agent: "aaron");
        home.Json(".claude.json")["mcpServers"]!["parley"]!["env"]!["X"]!.GetValue<string>().ShouldBe("1");
        home.Json(".claude.json")["mcpServers"]!["parley"]!["args"]!.AsArray().Select(word => word!.GetValue<string>()).ShouldBe(["mcp", "--as", "aaron"]);
    }

    [Fact]
    public void A_linked_file_stays_a_link_and_keeps_its_rights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        using var home = new ConnectHome();
        home.Write("dotfiles/mcp.json", "{}");
        Directory.CreateDirectory(home.PathOf(".cursor"));
        File.CreateSymbolicLink(home.PathOf(".cursor/mcp.json"), home.PathOf("dotfiles/mcp.json"));
        File.SetUnixFileMode(home.PathOf("dotfiles/mcp.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        home.Add(Find("cursor"));
        File.ResolveLinkTarget(home.PathOf(".cursor/mcp.json"), returnFinalTarget: true).ShouldNotBeNull();
        home.Json("dotfiles/mcp.json")["mcpServers"]!["parley"].ShouldNotBeNull();
        File.GetUnixFileMode(home.PathOf("dotfiles/mcp.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    internal static KnownProgram Find(string name) => KnownProgram.All.Single(program => program.Name == name);

    private static List<string> Fill(ConnectHome home, string name, bool isProject)
    {
        var files = Find(name).Changes(home.Place(isProject), new Wiring(["p"], "x", [])).Select(change => change.File).Distinct().Where(file => !file.EndsWith(".js")).ToList();
        files.ForEach(file => home.Write(file, file.EndsWith(".toml") ? TheirToml : Theirs));
        return files;
    }
}
