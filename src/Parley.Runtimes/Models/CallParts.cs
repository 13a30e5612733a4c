using System.Text;
using OpenAI.Chat;

namespace Parley.Runtimes.Models;

/// <summary>Calls of tools that come in pieces, put together.</summary>
internal sealed class CallParts
{
    private readonly List<Part> _parts = [];

    public void Add(IEnumerable<StreamingChatToolCallUpdate> updates)
    {
        foreach (var update in updates)
        {
            var part = _parts.LastOrDefault(known => known.Index == update.Index);
            // Servers are about that give every call the number 0; their ids tell them apart.
            if (part is null || (!string.IsNullOrEmpty(update.ToolCallId) && part.Id.Length > 0 && part.Id != update.ToolCallId))
            {
                part = new Part(update.Index);
                _parts.Add(part);
            }

            part.Id = part.Id.Length == 0 ? update.ToolCallId ?? "" : part.Id;
            part.Name = part.Name.Length == 0 ? update.FunctionName ?? "" : part.Name;
            part.Arguments.Append(update.FunctionArgumentsUpdate);
        }
    }

    public IEnumerable<WrittenCall> Whole() => _parts.Select((part, place) => new WrittenCall(
        part.Id.Length > 0 ? part.Id : $"call_{place}", part.Name, part.Arguments.Length > 0 ? part.Arguments.ToString() : "{}"));

    private sealed class Part(int index)
    {
        public int Index { get; } = index;

        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
