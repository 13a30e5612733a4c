namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>The model of all sub-agents: streams word by word, and decides by what stands in the request alone, so that a call made again is answered alike.</summary>
internal static class SpawnModel
{
    private const string Leaf = "the leaf is done";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(40);

    public static FakeReply Answer(FakeRequest request)
    {
        var hasTool = request.Messages.Any(message => message.Role == "tool");
        return Is(request, Work.Late) ? new FakeReply { Text = "I have begun, and", End = FakeEnd.Stall }
            : Is(request, Work.Nest) ? Nest(request, hasTool)
            : Is(request, Work.Tool) && !hasTool ? Call("sessions_list", "{}")
            : Says(request, "Do: leaf") ? Text(Leaf)
            : Text("Here is the result that you have asked me for");
    }

    private static FakeReply Nest(FakeRequest request, bool hasTool) =>
        Says(request, Leaf) || Says(request, " ended as ") ? Text("Here is what the leaf has said")
        : hasTool ? Text("I wait for it")
        : Call("sessions_spawn", """{"agentId":"worker0","task":"Do: leaf"}""");

    private static bool Is(FakeRequest request, Work work) => Says(request, $"Do: {work} for ");

    private static bool Says(FakeRequest request, string text) => request.Messages.Any(message => message.Text.Contains(text, StringComparison.Ordinal));

    private static FakeReply Text(string text) => new() { Text = text, Pause = s_pause };

    private static FakeReply Call(string tool, string arguments) => new() { Tools = [new FakeToolCall(tool, arguments, $"call_{tool}")], Pause = s_pause };
}
