using System.Net;
using System.Net.Sockets;

namespace Parley.Core.Outbound;

/// <summary>Which numbers of the internet belong to everybody.</summary>
public static class AddressRules
{
    private const int BytesOfV4 = 4;

    /// <summary>The IANA IPv4 special-purpose address registry, multicast (RFC 5771) and the reserved rest (RFC 1112).</summary>
    private static readonly IPNetwork[] s_specialV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Global unicast (RFC 4291): everything else of IPv6 is private, local, multicast, mapped or nobody's.</summary>
    private static readonly IPNetwork s_globalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Within it, of the IANA IPv6 special-purpose address registry: protocol assignments with Teredo, documentation, 6to4, which holds an IPv4 address, and AS112.</summary>
    private static readonly IPNetwork[] s_specialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>What NAT64 makes of an IPv4 address (RFC 6052).</summary>
    private static readonly IPNetwork s_translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>
    /// True where the address is a public one of a single host. Private, loopback, link-local, shared (CGNAT), multicast, documentation, reserved and unspecified ones are
    /// not, nor is an IPv4 address inside an IPv6 one, whatever it is; only what NAT64 translates counts as what it stands for.
    /// </summary>
    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !s_specialV4.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 when address.IsIPv4MappedToIPv6 => false,
        AddressFamily.InterNetworkV6 when s_translated.Contains(address) => IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(^BytesOfV4))),
        AddressFamily.InterNetworkV6 => address.ScopeId == 0 && s_globalV6.Contains(address) && !s_specialV6.Any(network => network.Contains(address)),
        _ => false,
    };
}
