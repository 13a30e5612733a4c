using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Parley.Core.Outbound;

/// <summary>Whether an address may be called.</summary>
public static class OutboundRules
{
    /// <summary>Characters of an address, at the most.</summary>
    public const int LongestAddress = 2000;

    /// <summary>Reads an address that somebody handed in. Throws <c>invalid_request</c> naming the field.</summary>
    public static Uri Parse(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestAddress || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
        {
            throw ParleyError.Invalid(field, "That is no address that can be called.", $"Write a whole address of at most {LongestAddress} characters: https://hooks.example.org/parley");
        }

        if (address.UserInfo.Length > 0)
        {
            throw ParleyError.Invalid(field, "There is a user or a password in the address.", "Leave it out: addresses are shown and logged.");
        }

        return address.Fragment.Length == 0 ? address : throw ParleyError.Invalid(field, "There is a '#' in the address.", "Leave it and what follows it out: it is never sent.");
    }

    /// <summary>Throws <c>outbound_refused</c> where the policy lets no call go to the address, as far as that can be seen without asking for the name.</summary>
    public static void Check(OutboundPolicy policy, Uri address)
    {
        var origin = OriginOf(address);
        if (!policy.Enabled)
        {
            throw Refused("No call leaves this server.", "Let calls out in parley.json: \"outbound\": { \"enabled\": true }");
        }

        if (address.UserInfo.Length > 0)
        {
            throw Refused("There is a user or a password in the address.", "Leave it out: addresses are shown and logged.");
        }

        if (IsAllowed(policy, address))
        {
            return;
        }

        if (policy.OnlyAllowed)
        {
            throw Refused($"{origin} is not one of the origins that may be called.", AllowFix(origin));
        }

        if (address.Scheme != Uri.UriSchemeHttps)
        {
            throw Refused($"{origin} is not encrypted.", $"Use https. {AllowFix(origin)}");
        }

        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var number))
        {
            CheckConnection(policy, address, number);
        }
    }

    /// <summary>Throws <c>outbound_refused</c> where no connection may go to the number that the address's name has now.</summary>
    public static void CheckConnection(OutboundPolicy policy, Uri address, IPAddress number)
    {
        if (!IsAllowed(policy, address) && !AddressRules.IsPublic(number))
        {
            var origin = OriginOf(address);
            throw Refused($"{origin} leads to an address that is not public.", AllowFix(origin));
        }
    }

    /// <summary>Scheme, name and port, as the policy writes them: without the port where it is the scheme's own.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "Origins are written in lower case.")]
    public static string OriginOf(Uri address) => $"{address.Scheme}://{(address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost)}{(address.IsDefaultPort ? "" : $":{address.Port}")}".ToLowerInvariant();

    private static bool IsAllowed(OutboundPolicy policy, Uri address)
    {
        var origin = OriginOf(address);
        return policy.Allow.Any(allowed => Uri.TryCreate(allowed, UriKind.Absolute, out var known) && OriginOf(known) == origin);
    }

    private static string AllowFix(string origin) => $"Where you trust it, allow it in parley.json: \"outbound\": {{ \"enabled\": true, \"allow\": [\"{origin}\"] }}";

    private static ParleyError Refused(string message, string fix) => new(ErrorCode.OutboundRefused, message, fix);
}
