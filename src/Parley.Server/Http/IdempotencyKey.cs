using Parley.Core;

namespace Parley.Server.Http;

/// <summary>The key of a call, from its header <c>Idempotency-Key</c> or from the field <c>key</c> of its body.</summary>
internal static class IdempotencyKey
{
    /// <summary>The key, or null. Throws <c>invalid_request</c> where the two differ.</summary>
    public static string? Of(string? header, string? field) => header is null || field is null || header == field
        ? field ?? header
        : throw ParleyError.Invalid("key", "The header Idempotency-Key and the field key differ.", "Send one of them.");
}
