using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>What a tried-out agent answered.</summary>
/// <param name="Text">Its answer.</param>
/// <param name="Model">Which model answered.</param>
/// <param name="Usage">The tokens.</param>
/// <param name="Cost">In millionths of a dollar; null where the model has no price.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Warnings">What a person should know.</param>
public sealed record TestedAgent(string Text, string Model, Usage Usage, long? Cost, TimeSpan Time, IReadOnlyList<string> Warnings);

/// <summary>Asks a hosted agent's model once, outside every conversation and without tools: nothing is sent and nothing is remembered. The days' limits count.</summary>
public sealed class TestAgent(IDatabase database, FindHosting find, TurnModels models, PersonaFiles persona, TimeProvider time)
{
    /// <summary>
    /// Returns the answer; its text is handed out as it comes. Throws <c>forbidden</c>, <c>not_found</c>, and <c>conflict</c> where the agent is not hosted, a day's limit
    /// is met or the model fails, with the reason.
    /// </summary>
    public async Task<TestedAgent> RunAsync(Caller caller, string name, string text, Action<string> onText, CancellationToken cancellationToken)
    {
        caller.RequireManage();
        var (agent, hosted) = await find.RunAsync(caller, name, cancellationToken);
        if (!AgentRules.MayManage(caller, agent))
        {
            throw new ParleyError(ErrorCode.Forbidden, $"'{agent.Name}' belongs to somebody else.", "Ask its owner or an admin of the organization.");
        }

        var request = Request(caller, agent, hosted, Draft.From(new SendInput { Content = text }, time.GetUtcNow()).Content);
        var price = models.PriceOf(hosted.Model);
        var (most, day) = (ModelRequest.MostOf(request, price), DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        await SpendAsync(agent, day, (account, ceiling) => Reserved(account, ceiling, most, price), cancellationToken);
        var (began, used) = (time.GetTimestamp(), default(Amount));
        try
        {
            var answer = await models.AskAsync(hosted, request, onText, cancellationToken);
            var cost = answer.Cost ?? price?.Of(answer.Usage);
            used = new Amount(answer.Usage.Total, cost ?? 0);
            IReadOnlyList<string> warnings = answer.Finish == FinishReason.Length ? ["The answer was cut at the most tokens an answer may have (max_output_tokens)."] : [];
            return new TestedAgent(answer.Text, request.Model, answer.Usage, cost, time.GetElapsedTime(began), [.. warnings, .. answer.Warnings]);
        }
        catch (RuntimeFault fault)
        {
            throw new ParleyError(ErrorCode.Conflict, $"{request.Model}: {fault.Message}", "See what is reachable: parley models", fault);
        }
        finally
        {
            await SpendAsync(agent, day, (account, _) => BudgetRules.Settle(account, most, used), CancellationToken.None);
        }
    }

    private RuntimeRequest Request(Caller caller, Agent agent, HostedAgent hosted, string text)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var message = new Message
        {
            Id = id, OrganizationId = agent.OrganizationId, ConversationId = id, ConversationKind = ConversationKind.Direct, Number = 1, SenderKind = caller.Kind, SenderId = caller.Id,
            SenderName = caller.Name, Type = MessageType.Chat, Content = text, RootId = id, Verdict = Verdict.Accepted, CreatedAt = now,
        };
        var session = new AgentSession(id, agent.OrganizationId, agent.Id, $"agent:{agent.Name}:test", SessionKind.Main, null, now);
        var facts = new TurnFacts(agent, session, [new InboxItem(1, DeliveryState.Pending, 0, message)], Depth: 0, id);
        var files = hosted.Persona is { } folder ? persona.Read(folder) : "";
        var prompt = TurnPrompt.Build(files.Length > 0 ? files : TurnPrompt.PersonaOf(agent), hosted, new SessionFrame("A person tries you out. Your text is shown to that person alone.", []), facts, now);
        return new RuntimeRequest(hosted.Model, prompt.Persona, prompt.Instructions, prompt.Messages, [], hosted.MaxOutputTokens, hosted.TimeLimit)
        {
            // Without a turn there is no pass: it reaches nobody, and nobody is asked for permission.
            Run = hosted.Program is { } program ? new ProgramRun(program, agent.Id, agent.Name, id) : null,
        };
    }

    private Task<bool> SpendAsync(Agent agent, DateOnly day, Func<Account, Ceiling, Account> change, CancellationToken cancellationToken) => database.WriteAsync(
        async unit =>
        {
            var limits = await unit.Budgets.DayLimitsAsync(agent.OrganizationId);
            var changed = new List<DaySpend>();
            foreach (var (scope, id) in new[] { (SpendScope.Organization, agent.OrganizationId), (SpendScope.Agent, agent.Id) })
            {
                var spend = await unit.Budgets.SpendAsync(agent.OrganizationId, scope, id, day);
                var ceiling = limits.Find(limit => limit.Scope == scope && limit.TargetId == id)?.Ceiling ?? default;
                changed.Add(spend with { Account = change(spend.Account, ceiling) });
            }

            changed.ForEach(unit.Budgets.Save);
            return true;
        },
        cancellationToken);

    private static Account Reserved(Account account, Ceiling ceiling, Amount most, Price? price)
    {
        var unpriced = price is null && ceiling.Cost is not null;
        return !unpriced && BudgetRules.Reserve(account, ceiling, most) is { } reserved
            ? reserved
            : throw new ParleyError(
                ErrorCode.Conflict, unpriced ? "The model has no known price, and a budget of money applies." : BudgetRules.Missing("Today", account, ceiling, most), "See what is used: parley budget show");
    }
}

/// <summary>Lists the providers of models as they are now.</summary>
public sealed class ListModels(IModelCatalog catalog)
{
    /// <summary>Returns every provider. Persons only.</summary>
    public Task<IReadOnlyList<ProviderInfo>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return catalog.ListAsync(cancellationToken);
    }
}
