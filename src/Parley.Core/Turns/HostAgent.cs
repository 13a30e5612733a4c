using System.Text.RegularExpressions;
using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>How a person wants an agent hosted; null takes what is usual.</summary>
public sealed record HostAgentInput(
    string? Runtime, string? Model, string? FallbackModel = null, string? Persona = null, int? MaxOutputTokens = null, int? ContextTokens = null, TimeSpan? TimeLimit = null,
    IReadOnlyList<ToolServer>? Tools = null, HostedProgram? Program = null);

/// <summary>Lets Parley run an agent's turns on a language model or a program. What was unread before is its first turn.</summary>
public sealed partial class HostAgent(IDatabase database, TurnModels models, TimeProvider time)
{
    private const int MostServers = 16;

    /// <summary>
    /// Returns how it is hosted. Its owner or an admin; persona folders, tool servers and programs, which reach into the server's machine and network, need an owner of
    /// the organization. Throws <c>not_found</c>, <c>forbidden</c>, <c>invalid_request</c>.
    /// </summary>
    public Task<HostedAgent> RunAsync(Caller caller, string name, HostAgentInput input, CancellationToken cancellationToken)
    {
        var least = input.Persona is not null || input.Tools is { Count: > 0 } || input.Program is not null ? Role.Owner : Role.Member;
        return database.ChangeAsync(
            caller, time, "agent.host", name, least,
            async (unit, now) =>
            {
                var agent = await AgentRules.ManagedAsync(unit, caller, name);
                var hosted = Checked(agent, input, now);
                unit.Hosting.Save(hosted);
                unit.Sessions.ForgetResumes(agent.Id);
                return hosted;
            },
            cancellationToken);
    }

    private HostedAgent Checked(Agent agent, HostAgentInput input, DateTimeOffset now)
    {
        var runtime = input.Runtime ?? HostedAgent.ModelRuntime;
        models.Check(runtime, input.Program);
        var model = input.Program is null ? Named(runtime, input) : ProgramRules.Model(runtime, input.Program, input.Model, input.FallbackModel);
        var hosted = new HostedAgent(agent.Id, agent.OrganizationId, runtime, model, now)
        {
            FallbackModel = input.FallbackModel, Persona = Folder(input.Persona, "persona"), Program = input.Program is null ? null : ProgramRules.Checked(input.Program),
        };
        var usual = hosted.Program is null ? hosted.TimeLimit : ProgramRules.UsualTime;
        hosted = hosted with
        {
            MaxOutputTokens = Bounded(input.MaxOutputTokens ?? hosted.MaxOutputTokens, 1, 200_000, "max_output_tokens"),
            ContextTokens = Bounded(input.ContextTokens ?? hosted.ContextTokens, 1_000, 2_000_000, "context_tokens"),
            TimeLimit = TimeSpan.FromSeconds(Bounded((int)(input.TimeLimit ?? usual).TotalSeconds, 1, hosted.Program is null ? 1_800 : ProgramRules.LongestTime, "time_limit")),
            Tools = [.. (input.Tools ?? []).Select(Server)],
        };
        return hosted.Tools.Count <= MostServers && hosted.Tools.DistinctBy(tool => tool.Name).Count() == hosted.Tools.Count
            ? hosted
            : throw ParleyError.Invalid("tools", $"There are over {MostServers} tool servers, or two of one name.", "Name each server once.");
    }

    private string Named(string runtime, HostAgentInput input)
    {
        models.Check(runtime, Model(input.Model, "model"));
        if (input.FallbackModel is not null)
        {
            models.Check(runtime, Model(input.FallbackModel, "fallback_model"));
        }

        return input.Model!;
    }

    private static string Model(string? model, string field) => model is { Length: > 2 and <= 200 } && model.Contains('/', StringComparison.Ordinal)
        ? model
        : throw ParleyError.Invalid(field, "The model has not the form provider/model.", "Name one such as local/qwen2.5-7b-instruct; 'parley models' lists what is reachable.");

    internal static string? Folder(string? folder, string field) => folder is null || (Path.IsPathFullyQualified(folder) && Directory.Exists(folder))
        ? folder
        : throw ParleyError.Invalid(field, $"There is no folder '{folder}' on the server's machine.", "Give the full path of a folder on the server's machine.");

    private static int Bounded(int value, int least, int most, string field) => value >= least && value <= most
        ? value
        : throw ParleyError.Invalid(field, $"{field} is {value}.", $"Use a number from {least} to {most}.");

    private static ToolServer Server(ToolServer server)
    {
        if (!ServerName().IsMatch(server.Name))
        {
            throw ParleyError.Invalid("tools", $"'{server.Name}' is no name of a tool server.", "Use 1 to 20 letters a-z and digits; it begins the names of the tools.");
        }

        return server.Command is { Count: > 0 } != server.Url is { Scheme: "http" or "https" }
            ? server
            : throw ParleyError.Invalid("tools", $"The tool server '{server.Name}' has neither a command nor an address, or both.", "Give a program: --tool files=mcp-files, or an address: --tool web=https://…");
    }

    [GeneratedRegex(@"\A[a-z0-9]{1,20}\z")]
    private static partial Regex ServerName();
}
