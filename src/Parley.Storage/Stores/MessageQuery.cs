using System.Globalization;
using System.Text;
using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Storage.Stores;

/// <summary>Builds the query of a page of messages from the filters that are set.</summary>
internal sealed class MessageQuery(Dialect dialect)
{
    private readonly StringBuilder where = new("m.organization_id = $1");
    private readonly List<object?> args = [];

    public (string Sql, object?[] Args) Build(HistoryQuery query)
    {
        args.Add(query.OrganizationId);
        Bound(query);
        Filter(query);
        var ascending = query is { ConversationId: not null, After: not null };
        var order = query.AfterId is not null ? "m.id" : query.ConversationId is null ? "m.id desc" : ascending ? "m.number" : "m.number desc";
        var limit = Next(Math.Clamp(query.Limit, 1, Limits.PageRows));
        return ($"select {MessageRow.Columns} from {MessageRow.From} where {where} order by {order} limit {limit}", [.. args]);
    }

    private void Bound(HistoryQuery query)
    {
        if (query.ConversationId is { } conversation)
        {
            And("m.conversation_id = ", conversation);
        }

        if (query.ReaderAgentId is { } reader)
        {
            var agent = Next(reader);
            where.Append(CultureInfo.InvariantCulture, $" and (c.kind = 'chat' or exists (select 1 from conversation_members r where r.conversation_id = m.conversation_id and r.agent_id = {agent}))");
        }

        if (query.ProjectId is { } project)
        {
            And("m.project_id = ", project);
        }

        if (query.After is { } after)
        {
            And("m.number > ", after);
        }

        if (query.Before is { } before)
        {
            And("m.number < ", before);
        }

        if (query.BeforeId is { } beforeId)
        {
            And("m.id < ", beforeId);
        }

        if (query.AfterId is { } afterId)
        {
            And("m.id > ", afterId);
        }

        if (query.UpToId is { } upToId)
        {
            And("m.id <= ", upToId);
        }
    }

    private void Filter(HistoryQuery query)
    {
        if (query.Type is { } type)
        {
            And("m.type = ", Names<MessageType>.Of(type));
        }

        if (query.Sender is { } sender)
        {
            And("m.sender_name = ", sender);
        }

        if (query.Since is { } since)
        {
            And("m.created_at >= ", since);
        }

        if (query.Until is { } until)
        {
            And("m.created_at < ", until);
        }

        if (query.Text is { } text)
        {
            // A withheld text must not be found by its words.
            where.Append(" and m.withheld = 'no'");
            if (string.IsNullOrWhiteSpace(text))
            {
                where.Append(" and 1 = 0");
            }
            else if (dialect.IsPostgres)
            {
                where.Append(CultureInfo.InvariantCulture, $" and parley_words(m.content) @@ plainto_tsquery('simple', {Next(text)})");
            }
            else
            {
                where.Append(CultureInfo.InvariantCulture, $" and m.seq in (select rowid from message_search where message_search match {Next(Words(text))})");
            }
        }
    }

    private void And(string condition, object value) => where.Append(CultureInfo.InvariantCulture, $" and {condition}{Next(value)}");

    private string Next(object value)
    {
        args.Add(value);
        return "$" + args.Count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Each word as an FTS5 string, so that nothing in it is an operator.</summary>
    private static string Words(string text) => string.Join(
        ' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
