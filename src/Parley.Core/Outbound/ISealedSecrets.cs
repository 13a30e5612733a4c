namespace Parley.Core.Outbound;

/// <summary>Encrypts what has to be stored and read again: the secrets of webhooks and of other servers.</summary>
public interface ISealedSecrets
{
    /// <summary>Encrypts a secret so that only this server can read it, and only for that purpose.</summary>
    string Seal(string purpose, string secret);

    /// <summary>Reads what was sealed for that purpose; null where it was sealed under another key or for something else.</summary>
    string? Open(string purpose, string sealedText);

    /// <summary>Whether it was sealed under this server's key. Another node of the same database may have another one.</summary>
    bool IsOurs(string sealedText);
}
