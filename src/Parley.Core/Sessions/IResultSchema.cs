namespace Parley.Core.Sessions;

/// <summary>Checks structured results against the JSON Schema that a spawn asked for.</summary>
public interface IResultSchema
{
    /// <summary>Throws <c>invalid_request</c> where that is no JSON Schema.</summary>
    void Check(string schema);

    /// <summary>What is wrong with a result, in words for the model; null where it follows the schema.</summary>
    string? FaultOf(string schema, string result);
}
