using System.Diagnostics;
using System.Text.Json;

namespace Parley.EndToEnd.Tests.Mcp;

/// <summary>The standard streams of <c>parley mcp</c>, line by line.</summary>
internal sealed class Bridge(Process process) : IDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    public async Task LineAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    public Task SendAsync(int id, string method, string parameters) => LineAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\",\"params\":{parameters}}}");

    public async Task<JsonElement> AskAsync(int id, string method, string parameters)
    {
        await SendAsync(id, method, parameters);
        return await AnswerAsync(id);
    }

    public async Task<JsonElement> AnswerAsync(int id)
    {
        var answer = await NextAsync();
        answer.GetProperty("id").GetInt32().ShouldBe(id, answer.GetRawText());
        return answer;
    }

    public async Task<JsonElement> NextAsync()
    {
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        return JsonElement.Parse(line.ShouldNotBeNull("the program ended"));
    }

    /// <summary>Closes its input and waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public void Dispose() => process.StandardInput.Dispose();
}
