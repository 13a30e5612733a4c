using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Turns;

namespace Parley.Server.Mapping;

/// <summary>Hosted agents, chains and budgets on the wire. Money travels as dollars.</summary>
internal static class HostingMapping
{
    private const decimal Million = 1_000_000m;

    public static HostAgentInput ToInput(HostRequest request) => new(
        request.Runtime, request.Model, request.FallbackModel, request.Persona, request.MaxOutputTokens, request.ContextTokens, Seconds.ToTime(request.TimeLimit, "time_limit"),
        request.Tools?.Select(ToServer).ToList(), request.Program is { } program ? ToProgram(program) : null);

    public static HostingView ToView(Agent agent, HostedAgent hosted) => new(
        agent.Name, hosted.Runtime, hosted.Model, hosted.FallbackModel, hosted.Persona, hosted.MaxOutputTokens, hosted.ContextTokens, hosted.TimeLimit.TotalSeconds,
        [.. hosted.Tools.Select(tool => new ToolServerView(tool.Name, tool.Command, tool.Url?.ToString(), tool.Environment))], hosted.CreatedAt,
        hosted.Program is { } program ? ToView(program) : null);

    public static TestAnswer ToView(TestedAgent tested) => new(
        tested.Text, tested.Model, ToView(tested.Usage), tested.Cost / Million, Math.Round(tested.Time.TotalSeconds, 3), tested.Warnings);

    public static ProviderView ToView(ProviderInfo provider) => new(
        provider.Name, provider.State, provider.Address, provider.Note,
        [.. provider.Models.Select(model => new ModelView(model.Name, model.Price?.Input / Million, model.Price?.CachedInput / Million, model.Price?.Output / Million))]);

    public static RootView ToView(Root root) => new(
        root.Id, root.Limits.MaxDepth, root.Limits.MaxTurns, root.Limits.Ceiling.Tokens, root.Limits.Ceiling.Cost / Million, root.Turns, root.Account.Spent.Tokens,
        root.Account.Spent.Cost / Million, root.CreatedAt, root.StoppedAt, root.Reason);

    public static RootTreeView ToView(RootTree tree) => new(
        ToView(tree.Root), tree.Message is { } message ? MessageMapping.ToView(message) : null, [.. tree.Turns.Select(ToView)]);

    public static BudgetsView ToView(BudgetOverview budgets) => new(
        new RootBounds(budgets.Roots.MaxDepth, budgets.Roots.MaxTurns, budgets.Roots.Ceiling.Tokens, budgets.Roots.Ceiling.Cost / Million),
        [.. budgets.Days.Select(day => new DayView(
            NameOf(day.Scope), day.Name, day.Ceiling.Tokens, day.Ceiling.Cost / Million, (day.Account.Spent + day.Account.Reserved).Tokens, (day.Account.Spent + day.Account.Reserved).Cost / Million))]);

    public static EditBudgetInput ToInput(SetBudgetsRequest request) => new(
        request.Root is { } root ? new RootLimits(root.MaxDepth ?? 4, root.MaxTurns ?? 50, new Ceiling(root.MaxTokens, Money(root.MaxCost))) : null,
        request.Day is { } day ? ScopeOf(day.Scope) : null, request.Day?.Target, new Ceiling(request.Day?.MaxTokens, Money(request.Day?.MaxCost)));

    public static SpendKey ToKey(string by) => Enum.TryParse<SpendKey>(by, ignoreCase: true, out var key) && Enum.IsDefined(key) && !char.IsDigit(by[0])
        ? key
        : throw ParleyError.Invalid("by", "Spending cannot be added up by that.", "Use agent, model, day, session, root or project.");

    public static SpendView ToView(string by, int days, IReadOnlyList<SpendLine> lines) => new(
        by.ToLowerInvariant(), days, lines.Sum(line => line.Usage.Total), lines.Sum(line => line.Cost) / Million,
        [.. lines.Select(line => new SpendLineView(line.Key, line.Turns, line.Calls, ToView(line.Usage), line.Cost / Million))]);

    private static ChainTurnView ToView(TurnNode node) => new(
        node.Turn.Id, node.ParentId, node.AgentName, node.Turn.Depth, NameOf(node.Turn.State), node.Turn.Model, node.Calls, node.Sent, ToView(node.Turn.Usage), node.Turn.Cost / Million,
        node.Turn.CreatedAt, node.Turn.EndedAt, node.Turn.Reason, node.Turn.Warnings);

    private static ProgramView ToView(HostedProgram program) => new(
        program.Profile, program.Command.Count == 0 ? null : program.Command, program.Folder, program.Environment.Count == 0 ? null : program.Environment, program.Format,
        program.Permissions.ToString().ToLowerInvariant());

    private static HostedProgram ToProgram(ProgramView program) => new(program.Profile?.Trim() ?? "custom", [.. program.Command ?? []])
    {
        Folder = program.Folder,
        Environment = [.. program.Environment ?? []],
        Format = program.Format,
        Permissions = program.Permissions switch
        {
            null or "ask" => PermissionPolicy.Ask,
            "allow" => PermissionPolicy.Allow,
            "deny" => PermissionPolicy.Deny,
            _ => throw ParleyError.Invalid("permissions", "That is no way to answer a program that asks for permission.", "Use ask, allow or deny."),
        },
    };

    private static UsageView ToView(Usage usage) => new(usage.Input, usage.CachedInput, usage.Output);

    private static ToolServer ToServer(ToolServerView server) => new(
        server.Name ?? "", server.Command, server.Url is null ? null : Uri.TryCreate(server.Url, UriKind.Absolute, out var url) ? url
            : throw ParleyError.Invalid("tools", "The address of a tool server is no URL.", "Give an address such as https://tools.example.org/mcp."), server.Environment);

    private static long? Money(decimal? dollars) => dollars is null or (>= 0 and <= 1_000_000_000)
        ? (long?)(dollars * Million)
        : throw ParleyError.Invalid("max_cost", "The amount is out of bounds.", "Give US dollars, such as 1.50.");

    private static string NameOf(SpendScope scope) => scope switch
    {
        SpendScope.Organization => "organization",
        SpendScope.Project => "project",
        _ => "agent",
    };

    private static SpendScope ScopeOf(string? name) => name switch
    {
        "organization" => SpendScope.Organization,
        "project" => SpendScope.Project,
        "agent" => SpendScope.Agent,
        _ => throw ParleyError.Invalid("scope", "The scope is unknown.", "Use organization, project or agent."),
    };

    public static string NameOf(TurnState state) => state switch
    {
        TurnState.Running => "running",
        TurnState.Answered => "answered",
        TurnState.Passed => "passed",
        TurnState.Bounded => "bounded",
        TurnState.Failed => "failed",
        _ => "cancelled",
    };
}
