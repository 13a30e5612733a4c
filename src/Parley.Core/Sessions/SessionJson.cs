using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Budgets;

namespace Parley.Core.Sessions;

/// <summary>The answers of the session tools as a model reads them: the names are those of the founding document.</summary>
public static class SessionJson
{
    /// <summary>Text that only a model reads needs no escapes for browsers.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer of <c>sessions_spawn</c>.</summary>
    public static JsonObject Of(SpawnReceipt receipt)
    {
        var answer = new JsonObject { ["status"] = receipt.Status, ["sessionKey"] = receipt.Session.Key, ["state"] = SubagentRules.NameOf(receipt.Session.State), ["model"] = receipt.Session.Model };
        if (receipt.Warnings.Count > 0)
        {
            answer["warnings"] = new JsonArray([.. receipt.Warnings.Select(warning => JsonValue.Create(warning))]);
        }

        if (receipt.Duplicate)
        {
            answer["duplicate"] = true;
        }

        return answer;
    }

    /// <summary>The answer of <c>sessions_send</c>.</summary>
    public static JsonObject Of(SessionAnswer answer)
    {
        var json = new JsonObject { ["status"] = answer.Status, ["sessionKey"] = answer.SessionKey };
        if (answer.Reply is { } reply)
        {
            json["from"] = reply.SenderName;
            json["reply"] = reply.Content;
        }

        return json;
    }

    /// <summary>A session of <c>sessions_list</c> and <c>subagents</c>.</summary>
    public static JsonObject Of(SubagentStatus status, DateTimeOffset now)
    {
        var session = status.Session;
        var json = new JsonObject { ["sessionKey"] = session.Key };
        if (session.Label is not null)
        {
            json["label"] = session.Label;
        }

        json["status"] = SubagentRules.NameOf(session.State);
        if (status.Runtime(now) is { } runtime)
        {
            json["runtime"] = SubagentRules.Runtime(runtime);
        }

        json["model"] = session.Model;
        json["tokens"] = status.Use.Usage.Total;
        json["cost"] = BudgetRules.Dollars(status.Use.Cost);
        if (session.Reason is not null)
        {
            json["reason"] = session.Reason;
        }

        return json;
    }
}
