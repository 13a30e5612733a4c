using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Storage.Stores;

namespace Parley.Tests.Storage.Conformance;

/// <summary>What a send, a read and the loops ask on SQLite is answered from an index, however much is stored.</summary>
public sealed class QueryPlanTests() : Conformance(new SqliteStore())
{
    private static readonly Guid Any = Guid.Empty;

    private static readonly Dictionary<string, Func<IUnitOfWork, Task>> Queries = new()
    {
        ["inbox page"] = unit => unit.Deliveries.PageAsync(Any, 5, 100).AsTask(),
        ["acknowledge"] = unit => ((DeliveryStore)unit.Deliveries).MarkAsync(Any, 5, 10, default).AsTask(),
        ["offer"] = unit => Done(() => unit.Deliveries.Offer(Any, 5, 10, default)),
        ["inbox position"] = unit => unit.Agents.InboxAsync(Any).AsTask(),
        ["twin"] = unit => unit.Messages.FindTwinAsync(Any, Any, "text", default, default).AsTask(),
        ["key"] = unit => unit.Messages.FindByKeyAsync(Any, "key").AsTask(),
        ["text as sent"] = unit => unit.Messages.WasSentAsync(Any, "text").AsTask(),
        ["message"] = unit => unit.Messages.FindAsync(Any, Any).AsTask(),
        ["next number"] = unit => unit.Conversations.NextNumberAsync(Any).AsTask(),
        ["delivery"] = unit => unit.Deliveries.AddAsync(new Delivery { MessageId = Any, AgentId = Any, State = DeliveryState.Pending, AcceptedAt = default }).AsTask(),
        ["deliveries of a message"] = unit => unit.Deliveries.OfMessageAsync(Any, 50).AsTask(),
        ["delivery at a number"] = unit => unit.Deliveries.FindAsync(Any, 7).AsTask(),
        ["release"] = unit => unit.Deliveries.ReleaseAsync(Any, Any, default).AsTask(),
        ["deferred of a link"] = unit => unit.Deliveries.DeferredAsync(Any, 100).AsTask(),
        ["expiring"] = unit => unit.Deliveries.ExpiringAsync(TestStore.Start, 100).AsTask(),
        ["due links"] = unit => unit.Links.DueAsync(TestStore.Start, 100).AsTask(),
        ["link state"] = unit => unit.Links.StateAsync(Any).AsTask(),
        ["link of a pair"] = unit => unit.Links.FindAsync(Any, Any, Guid.AllBitsSet).AsTask(),
        ["route of a pair"] = unit => unit.Conversations.FindPeersAsync(Any, Any, "aaron").AsTask(),
        ["agent by name"] = unit => unit.Agents.FindAsync(Any, "aaron").AsTask(),
        ["direct conversation"] = unit => unit.Conversations.FindDirectAsync(Any, "key").AsTask(),
        ["channel by name"] = unit => unit.Conversations.FindChannelAsync(Any, "general").AsTask(),
        ["agent chat"] = unit => unit.Conversations.FindChatAsync(Any).AsTask(),
        ["membership"] = unit => unit.Conversations.IsMemberAsync(Any, Any).AsTask(),
        ["held"] = unit => unit.Messages.HeldAsync(Any, 100).AsTask(),
        ["rate"] = unit => unit.Messages.CountAsync(Any, TestStore.Start, TimeSpan.FromSeconds(5)).AsTask(),
        ["running turns"] = unit => unit.Turns.OwnedAsync(Any, 100).AsTask(),
        ["due obligations"] = unit => unit.Obligations.DueAsync(TestStore.Start, 100).AsTask(),
        ["attention"] = unit => unit.Obligations.AttentionAsync(Any, 100).AsTask(),
        ["dead letters"] = unit => unit.Deliveries.DeadAsync(Any, 100).AsTask(),
        ["token"] = unit => unit.Tokens.FindAsync([1]).AsTask(),
        ["page of a conversation"] = unit => unit.Messages.PageAsync(new HistoryQuery(Any, Any, ReaderAgentId: Any, After: 5)).AsTask(),
        ["page back"] = unit => unit.Messages.PageAsync(new HistoryQuery(Any, Any, Before: 5)).AsTask(),
        ["unread of a session"] = unit => unit.Turns.UnreadAsync(Any, Any, 100).AsTask(),
        ["session in a conversation"] = unit => unit.Sessions.FindInAsync(Any, Any).AsTask(),
        ["open sub-agents of a parent"] = unit => unit.Subagents.CountOpenAsync(Any).AsTask(),
        ["sub-agents of a session"] = unit => unit.Subagents.ChildrenAsync(Any).AsTask(),
        ["running sub-agents"] = unit => unit.Subagents.RunningAsync().AsTask(),
        ["queued sub-agents"] = unit => unit.Subagents.QueuedAsync(100).AsTask(),
        ["use of a sub-agent"] = unit => unit.Subagents.UseAsync(Any).AsTask(),
        ["task of a message"] = unit => unit.Tasks.FindByMessageAsync(Any).AsTask(),
        ["task of a session"] = unit => unit.Tasks.FindBySessionAsync(Any).AsTask(),
        ["open tasks of a conversation"] = unit => unit.Tasks.OpenAsync(Any).AsTask(),
        ["events of a task"] = unit => unit.Tasks.EventsAsync(Any, 5).AsTask(),
        ["tasks of an owner"] = unit => unit.Tasks.ListAsync(new Core.Tasks.TaskQuery(Any, Any, Any)).AsTask(),
        ["audit"] = unit => unit.Audit.ListAsync(Any, 50).AsTask(),
    };

    public static TheoryData<string> Names => [.. Queries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_answered_from_an_index(string name)
    {
        var plans = await PlansAsync(Queries[name]);
        plans.ShouldNotBeEmpty();
        // A partial index may be walked: it holds only what waits.
        plans.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("USING INDEX", StringComparison.Ordinal)
            && !step.Contains("USING COVERING INDEX", StringComparison.Ordinal) && step is not "SCAN CONSTANT ROW").ShouldBeEmpty(string.Join('\n', plans));
    }

    [Theory]
    [InlineData("inbox page")]
    [InlineData("page of a conversation")]
    [InlineData("page back")]
    [InlineData("deferred of a link")]
    [InlineData("expiring")]
    [InlineData("held")]
    public async Task A_page_is_read_in_order_and_not_sorted(string name) =>
        (await PlansAsync(Queries[name])).ShouldNotContain(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));

    [Fact]
    public async Task What_is_due_for_a_turn_is_found_from_what_is_unread_whatever_was_delivered_and_whichever_sessions_there_were()
    {
        var plan = await PlansAsync(unit => unit.Sessions.DueAsync(TestStore.Start, 100).AsTask());
        var text = string.Join('\n', plan);
        // The hosted agents, the list just found, turns without an owner, and halts: all short.
        plan.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal)).ShouldAllBe(
            step => step == "SCAN g" || step.StartsWith("SCAN g ", StringComparison.Ordinal) || step == "SCAN w" || step == "SCAN h" || step.StartsWith("SCAN h ", StringComparison.Ordinal) || step == "SCAN s USING INDEX sessions_open", text);
        plan.ShouldContain(step => step.StartsWith("SEARCH d USING INDEX deliveries_inbox (agent_id=? AND number>? AND number<?)", StringComparison.Ordinal), text);
        plan.ShouldContain(step => step.StartsWith("SEARCH s USING INDEX sqlite_autoindex_sessions_1 (id=?)", StringComparison.Ordinal), text);
    }

    /// <summary>SQLite copies every page that a statement with triggers changes, in case it has to be undone: a tenth of the writer's time when messages had one.</summary>
    [Fact]
    public async Task A_message_and_its_deliveries_fire_no_trigger_when_they_are_inserted() => (await House.Database.Engine.WriteAsync(
        session => session.ListAsync(
            "select sql from sqlite_master where type = 'trigger' and tbl_name in ('messages', 'deliveries', 'inboxes') and lower(sql) like '%insert on %'", row => row.Text(0)),
        Ct)).ShouldBeEmpty();

    [Fact]
    public async Task The_test_sees_a_walk_through_a_table() =>
        (await PlansAsync(unit => unit.Organizations.FindAsync(Any).AsTask(), "select count(*) from messages where content = $1")).ShouldContain(step => step.StartsWith("SCAN", StringComparison.Ordinal));

    private Task<List<string>> PlansAsync(Func<IUnitOfWork, Task> query, string? extra = null) => House.Database.Engine.WriteAsync(
        async session =>
        {
            var plan = new PlanSession(session);
            try
            {
                await query(new UnitOfWork(plan, writing: true));
            }
            catch (ParleyError)
            {
                // The rows that it asks for do not exist.
            }

            if (extra is not null)
            {
                await plan.ExecuteAsync(extra, "x");
            }

            return plan.Steps;
        },
        Ct);

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    /// <summary>Asks how each statement would be run, and runs none.</summary>
    private sealed class PlanSession(Session session) : Session
    {
        public List<string> Steps { get; } = [];

        public override Dialect Dialect => session.Dialect;

        public override async ValueTask<T?> FirstAsync<T>(string sql, Func<Row, T> map, params object?[] args)
            where T : default
        {
            await ExplainAsync(sql, args);
            return default;
        }

        public override async ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> map, params object?[] args)
        {
            await ExplainAsync(sql, args);
            return [];
        }

        public override Later<T> Ahead<T>(string sql, Func<Row, T> map, params object?[] args) => session.Ahead(sql, map, args);

        public override async ValueTask<int> ExecuteAsync(string sql, params object?[] args)
        {
            await ExplainAsync(sql, args);
            return 0;
        }

        // SQLite answers at once.
        public override void Queue(string sql, params object?[] args) => ExplainAsync(sql, args).AsTask().GetAwaiter().GetResult();

        public override ValueTask ScriptAsync(string sql) => ValueTask.CompletedTask;

        private async ValueTask ExplainAsync(string sql, object?[] args) =>
            Steps.AddRange(await session.ListAsync("explain query plan " + sql, row => row.Text(3), args));
    }
}
