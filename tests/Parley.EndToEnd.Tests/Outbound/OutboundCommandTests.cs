using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Outbound;

/// <summary>One server that may call one other.</summary>
public sealed class OutboundHouse : IAsyncLifetime
{
    internal ParleyProgram Parley { get; } = new();

    internal Callee Callee { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Callee = await Callee.StartAsync();
        Directory.CreateDirectory(Parley.Data);
        await File.WriteAllTextAsync(Path.Combine(Parley.Data, "parley.json"), JsonSerializer.Serialize(new { outbound = new { enabled = true, allow = new[] { Callee.Address } } }));
        await Parley.ServeAsync();
        await Parley.DoAsync("agent", "add", "tesla");
    }

    public async ValueTask DisposeAsync()
    {
        await Parley.DisposeAsync();
        await Callee.DisposeAsync();
    }
}

/// <summary><c>parley webhook …</c> and <c>parley agent remote …</c> as a person types them.</summary>
public sealed class OutboundCommandTests(OutboundHouse house) : IClassFixture<OutboundHouse>
{
    private readonly ParleyProgram parley = house.Parley;
    private readonly Callee callee = house.Callee;

    [Fact]
    public async Task A_webhook_is_made_tried_retried_and_removed()
    {
        var made = (await parley.DoAsync("webhook", "add", callee.Address + "/hook", "--agent", "tesla", "--name", "wake", "--json")).Json;
        made.GetProperty("secret").GetString().ShouldStartWith("whsec_");
        (await parley.DoAsync("webhook", "test", "wake", "--json")).Json.GetProperty("status").GetInt32().ShouldBe(204);
        (await callee.NextAsync())["type"]!.GetValue<string>().ShouldBe("ping");

        callee.Status = 500;
        await parley.DoAsync("send", "tesla", "Look at the build.");
        (await callee.NextAsync())["data"]!["number"]!.GetValue<int>().ShouldBe(1);
        callee.Status = 204;
        (await parley.DoAsync("webhook", "retry", "wake", "--json")).Json.GetProperty("retried").GetString().ShouldBe("1");
        (await callee.NextAsync())["data"]!["preview"]!.GetValue<string>().ShouldBe("Look at the build.");
        var (calls, listed) = (await parley.DoAsync("webhook", "deliveries", "wake", "--json"), await parley.DoAsync("webhook", "list"));
        calls.Json.GetProperty("items").GetArrayLength().ShouldBe(1, "a retry is the same call: " + calls.Output);
        listed.Output.ShouldContain("wake");

        await RefusedAsync(2, "parley webhook remove wake --yes", "webhook", "remove", "wake");
        (await parley.DoAsync("webhook", "remove", "wake", "--yes", "--json")).Json.GetProperty("removed").GetString().ShouldBe("wake");
        (await parley.DoAsync("webhook", "list")).Errors.ShouldContain("There are no webhooks: 'parley webhook add URL --agent AGENT' makes one.");
    }

    [Fact]
    public async Task A_remote_agent_is_added_written_to_given_up_retried_and_removed()
    {
        (await parley.DoAsync("agent", "remote", "add", callee.Address + "/card.json", "--preview", "--json")).Json.GetProperty("name").GetString().ShouldBe("other-vendor");
        (await parley.DoAsync("agent", "remote", "add", callee.Address + "/card.json", "--name", "translator", "--json")).Json.GetProperty("url").GetString().ShouldBe(callee.Address + "/rpc");
        (await parley.DoAsync("agent", "remote", "test", "translator", "good morning", "--json")).Json.GetProperty("text").GetString().ShouldBe("GOOD MORNING");
        await callee.NextAsync();

        callee.Refuses = true;
        var sent = (await parley.DoAsync("send", "translator", "Translate this.", "--json")).Json.GetProperty("message_id").GetString()!;
        var first = (await callee.NextAsync())["params"]!["message"]!["messageId"]!.GetValue<string>();
        await UntilDeadAsync();
        callee.Refuses = false;
        (await parley.DoAsync("dead", "retry", sent, "translator", "--json")).Json.GetProperty("agent").GetString().ShouldBe("translator");
        (await callee.NextAsync())["params"]!["message"]!["messageId"]!.GetValue<string>().ShouldBe(first, "it is the same message");
        (await parley.DoAsync("agent", "remote", "list")).Output.ShouldContain("1.0 JSONRPC");

        (await parley.DoAsync("agent", "remote", "remove", "translator", "--json")).Json.GetProperty("removed").GetString().ShouldBe("translator");
        (await parley.DoAsync("agent", "remote", "list", "--json")).Json.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_mistake_is_answered_with_what_to_type() => await Task.WhenAll(
        RefusedAsync(2, "--agent", "webhook", "add", callee.Address + "/hook", "--events", "message"),
        RefusedAsync(2, "whsec_", "webhook", "add", callee.Address + "/hook", "--agent", "tesla", "--secret", "short"),
        RefusedAsync(3, "parley webhook list", "webhook", "show", "nothing"),
        RefusedAsync(3, "parley webhook list", "webhook", "retry", "nothing", "5"),
        RefusedAsync(2, "https://", "webhook", "add", "ftp://example.org", "--agent", "tesla"),
        RefusedAsync(2, "/.well-known/agent-card.json", "agent", "remote", "add", callee.Address + "/nothing"),
        RefusedAsync(2, "PARLEY_REMOTE_", "agent", "remote", "add", callee.Address + "/card.json", "--token-env", "HOME"),
        RefusedAsync(2, "parley agent remote list", "agent", "remote", "remove", "tesla"),
        RefusedAsync(3, "parley agent remote list", "agent", "remote", "test", "tesla"),
        RefusedAsync(2, "parley dead list", "dead", "retry", "nothing"),
        RefusedAsync(3, "parley dead list", "dead", "retry", Guid.NewGuid().ToString(), "tesla"),
        RefusedAsync(3, "parley permission list", "permission", "allow", Guid.NewGuid().ToString()));

    /// <summary>Once it is given up it stands among the dead letters.</summary>
    private async Task UntilDeadAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await parley.DoAsync("dead", "list", "--json")).Json.GetProperty("items").GetArrayLength() == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task RefusedAsync(int exitCode, string fix, params string[] arguments)
    {
        var ran = await parley.RunAsync(arguments);
        var what = $"{string.Join(' ', arguments)}: {ran.Output}{ran.Errors}";
        ran.ExitCode.ShouldBe(exitCode, what);
        ran.Errors.ShouldStartWith("error: ", customMessage: what);
        ran.Errors[ran.Errors.IndexOf("\nfix: ", StringComparison.Ordinal)..].ShouldContain(fix, customMessage: what);
    }
}
