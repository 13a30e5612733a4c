using System.Net;
using System.Net.Http.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Parley.Client;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;
using Parley.Tests.Support;

namespace Parley.Server.Tests.Turns;

/// <summary>A tried-out agent is heard while it speaks.</summary>
public sealed class TestStreamTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly LiveRuntime model = new();
    private readonly Channel<string> heard = Channel.CreateUnbounded<string>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_says_is_heard_before_it_has_ended_and_the_answer_comes_last()
    {
        await using var server = await StartAsync();
        using var owner = new ParleyClient(server.Address, server.OwnerSecret);
        var asking = owner.Hosting.TestAsync("tesla", "Who are you?", piece => heard.Writer.TryWrite(piece), Ct);
        foreach (var piece in (string[])["I am ", "tesla.\n", "Nikola ⚡"])
        {
            model.Say(piece);
            (await heard.Reader.ReadAsync(Ct).AsTask().Within(Patience)).ShouldBe(piece);
            asking.IsCompleted.ShouldBeFalse();
        }

        model.End();
        var answer = await asking.Within(Patience);
        (answer.Text, answer.Model, answer.Usage.Input, answer.Usage.Output).ShouldBe(("I am tesla.\nNikola ⚡", "demo/scripted", 100L, 10L));
    }

    [Fact]
    public async Task A_failure_in_the_middle_is_the_last_event_with_its_fix()
    {
        await using var server = await StartAsync();
        using var owner = new ParleyClient(server.Address, server.OwnerSecret);
        var asking = owner.Hosting.TestAsync("tesla", "Who are you?", piece => heard.Writer.TryWrite(piece), Ct);
        model.Say("I am ");
        await heard.Reader.ReadAsync(Ct).AsTask().Within(Patience);
        model.End(new RuntimeFault(RuntimeFaultKind.Refused, "the line broke"));
        var error = await Should.ThrowAsync<ParleyException>(() => asking.Within(Patience));
        (error.Code, error.Message, error.Fix).ShouldBe(("conflict", "demo/scripted: the line broke", "See what is reachable: parley models"));
    }

    [Theory]
    [InlineData("text/event-stream", "text/event-stream", "event: text\ndata: {\"text\":\"Hello.\"}\n\nevent: done\ndata: {\"text\":\"Hello.\",")]
    [InlineData("application/json;q=0.5, text/event-stream", "text/event-stream", "event: text\n")]
    [InlineData("text/event-stream;q=0, application/json", "application/json", "{\"text\":\"Hello.\",")]
    [InlineData("*/*", "application/json", "{\"text\":\"Hello.\",")]
    [InlineData(null, "application/json", "{\"text\":\"Hello.\",")]
    public async Task Only_who_asks_for_events_gets_them(string? accept, string type, string begin)
    {
        await using var server = await StartAsync();
        model.Say("Hello.");
        model.End();
        using var answer = await AskAsync(server, accept);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldStartWith(begin);
    }

    [Fact]
    public async Task A_refusal_before_the_first_word_is_answered_as_for_every_call()
    {
        await using var server = await StartAsync();
        model.End(new RuntimeFault(RuntimeFaultKind.Refused, "nobody is there"));
        using var failed = await AskAsync(server, "text/event-stream");
        failed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        failed.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await failed.Content.ReadAsStringAsync(Ct)).ShouldContain("nobody is there");
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_ends_the_model_call()
    {
        await using var server = await StartAsync();
        using var owner = new ParleyClient(server.Address, server.OwnerSecret);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = owner.Hosting.TestAsync("tesla", "Who are you?", piece => heard.Writer.TryWrite(piece), leave.Token);
        model.Say("I am ");
        await heard.Reader.ReadAsync(Ct).AsTask().Within(Patience);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking.Within(Patience));
        await model.Left.Within(Patience);
    }

    [Fact]
    public async Task The_document_of_the_interface_shows_both_forms()
    {
        await using var server = await StartAsync();
        using var document = await server.Owner.GetJsonAsync("/openapi/v1.json");
        var forms = document.Required("paths").GetProperty("/api/v1/agents/{name}/test").GetProperty("post").GetProperty("responses").GetProperty("200").GetProperty("content");
        forms.GetProperty("application/json").GetProperty("example").GetProperty("text").GetString().ShouldBe("I am tesla.");
        forms.GetProperty("text/event-stream").GetProperty("example").GetString()!.ShouldContain("event: done");
    }

    private async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(
            configure: services => services.AddSingleton<IRuntime>(model).AddSingleton<IModelCatalog>(new ScriptedCatalog()).AddSingleton<IToolbox>(new ScriptedToolbox()));
        await server.AgentAsync("tesla");
        using var hosted = await server.Owner.PutJsonAsync("/api/v1/agents/tesla/host", new { model = "demo/scripted" });
        hosted.Status.ShouldBe(HttpStatusCode.OK, hosted.Body);
        return server;
    }

    private static async Task<HttpResponseMessage> AskAsync(TestServer server, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/agents/tesla/test") { Content = JsonContent.Create(new { text = "Hello" }) };
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await server.Owner.SendAsync(request, Ct).Within(Patience);
    }
}
