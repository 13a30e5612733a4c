using Parley.Core;
using Parley.Core.Remotes;
using Parley.Server.A2a.Wire;

namespace Parley.Server.Outbound;

/// <summary>Reads of a card of either generation what Parley needs. Whatever is absent in it is null here, also where the wire type promises a value. Pure.</summary>
internal static class RemoteCards
{
    private const int MostSkills = 50;

    /// <summary>Where a card may lie: at the address itself, or at the usual place below it.</summary>
    public static IEnumerable<Uri> Places(Uri address)
    {
        if (address.AbsolutePath.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return [address];
        }

        var below = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return [new Uri(below + "/.well-known/agent-card.json"), address, new Uri(below + "/.well-known/agent.json")];
    }

    /// <summary>The card, or null where it names no interface that Parley speaks.</summary>
    public static RemoteCard? Of(Uri address, AgentCard card) => InterfaceOf(address, card) is { } found
        ? new RemoteCard(address.AbsoluteUri, card.Name, card.Description ?? "", [.. (card.Skills ?? []).Take(MostSkills).Select(skill => skill.Name ?? "")], found)
        : null;

    /// <summary>1.0 before 0.3, and JSON-RPC before HTTP+JSON, which of 0.3 is not spoken.</summary>
    private static RemoteInterface? InterfaceOf(Uri card, AgentCard from)
    {
        var newer = (from.SupportedInterfaces ?? []).Where(one => one.ProtocolVersion?.StartsWith("1.", StringComparison.Ordinal) == true).ToList();
        return First(newer, "JSONRPC", RemoteBinding.JsonRpc) ?? First(newer, "HTTP+JSON", RemoteBinding.HttpJson) ?? Older();

        RemoteInterface? First(List<AgentInterface> of, string name, RemoteBinding binding) =>
            of.Find(one => name.Equals(one.ProtocolBinding, StringComparison.OrdinalIgnoreCase)) is { } found && Absolute(found.Url) is { } url ? new RemoteInterface(url, binding, "1.0", found.Tenant) : null;

        RemoteInterface? Older()
        {
            var legacy = (from.SupportedInterfaces ?? []).FirstOrDefault(one => one.ProtocolVersion?.StartsWith("0.3", StringComparison.Ordinal) == true && IsRpc(one.ProtocolBinding))?.Url
                ?? (from.PreferredTransport is null || IsRpc(from.PreferredTransport) ? from.Url : from.AdditionalInterfaces?.FirstOrDefault(one => IsRpc(one.Transport))?.Url);
            return Absolute(legacy) is { } url ? new RemoteInterface(url, RemoteBinding.JsonRpc, "0.3") : null;
        }

        string? Absolute(string? url) => !string.IsNullOrWhiteSpace(url) && Uri.TryCreate(card, url, out var absolute) && absolute.Scheme is "http" or "https" ? Core.Outbound.OutboundRules.Parse(absolute.AbsoluteUri, "url").AbsoluteUri : null;
    }

    private static bool IsRpc(string? transport) => "JSONRPC".Equals(transport, StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of an address where no card was found.</summary>
    public static ParleyError None(Uri address, string why) =>
        ParleyError.Invalid("url", $"There is no card of an A2A agent at {Core.Outbound.OutboundRules.OriginOf(address)}: {why}", "Give the address of the card: https://agents.example.org/.well-known/agent-card.json");
}
