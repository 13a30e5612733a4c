using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core;
using Parley.Core.Tasks;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>A task as the wire has it: its events, told one after the other.</summary>
internal static class TaskMapping
{
    private const string UsualArtifact = "result";

    /// <summary>The task as it is.</summary>
    /// <param name="view">The task with its events.</param>
    /// <param name="history">How many of the newest messages are told; null for all.</param>
    /// <param name="artifacts">Whether what was made is told.</param>
    public static AgentTask ToWire(TaskView view, int? history = null, bool artifacts = true)
    {
        var task = view.Task;
        var said = history == 0 ? [] : view.Steps.Where(step => IsSaid(step)).Select(step => MessageOf(task, step)).ToList();
        return new AgentTask
        {
            Id = task.Id.ToString(),
            ContextId = task.ContextId,
            Status = StatusOf(view),
            Artifacts = artifacts ? ArtifactsOf(view) : null,
            History = history == 0 || said.Count == 0 ? null : [.. said.TakeLast(history ?? int.MaxValue)],
        };
    }

    /// <summary>What a stream tells of a step; null for what its reader has said itself.</summary>
    public static StreamResponse? ToEvent(TaskRecord task, TaskStep step) => step.Event.Kind switch
    {
        TaskEventKind.Status => Status(task, new AgentTaskStatus { State = StateOf(step.Event.Stage), Message = step.Message is null ? null : MessageOf(task, step), Timestamp = step.Event.At }),
        TaskEventKind.Artifact => ArtifactEvent(task, step),
        _ => null,
    };

    /// <summary>A change of the status alone.</summary>
    public static StreamResponse Status(TaskRecord task, AgentTaskStatus status) =>
        new() { StatusUpdate = new TaskStatusUpdateEvent { TaskId = task.Id.ToString(), ContextId = task.ContextId, Status = status } };

    /// <summary>The state of a stage.</summary>
    public static TaskState StateOf(TaskStage stage) => stage switch
    {
        TaskStage.Submitted => TaskState.Submitted,
        TaskStage.Working => TaskState.Working,
        TaskStage.InputRequired => TaskState.InputRequired,
        TaskStage.AuthRequired => TaskState.AuthRequired,
        TaskStage.Completed => TaskState.Completed,
        TaskStage.Failed => TaskState.Failed,
        TaskStage.Canceled => TaskState.Canceled,
        _ => TaskState.Rejected,
    };

    /// <summary>The stage of a state, or null.</summary>
    public static TaskStage? StageOf(TaskState? state) =>
        state is null or TaskState.Unspecified ? null : Enum.GetValues<TaskStage>().First(stage => StateOf(stage) == state);

    private static AgentTaskStatus StatusOf(TaskView view)
    {
        var last = view.Steps.LastOrDefault(step => step.Event.Kind == TaskEventKind.Status);
        var spoke = last?.Event.Stage == view.Task.Stage && last.Message is not null;
        return new AgentTaskStatus { State = StateOf(view.Task.Stage), Message = spoke ? MessageOf(view.Task, last!) : null, Timestamp = view.Task.UpdatedAt };
    }

    private static bool IsSaid(TaskStep step) => step is { Message: not null, Event.Kind: TaskEventKind.Said or TaskEventKind.Status };

    private static Message MessageOf(TaskRecord task, TaskStep step)
    {
        var message = step.Message!;
        var own = step.Event.Kind == TaskEventKind.Said;
        return new Message
        {
            MessageId = own ? message.Key ?? message.Id.ToString() : message.Id.ToString(),
            ContextId = task.ContextId,
            TaskId = task.Id.ToString(),
            Role = own ? Role.User : Role.Agent,
            Parts = [new Part { Text = message.Content }],
            Metadata = own ? null : new JsonObject { ["from"] = message.SenderName },
        };
    }

    private static List<Artifact> ArtifactsOf(TaskView view)
    {
        var artifacts = new List<Artifact>();
        foreach (var made in view.Steps.Where(step => step.Event.Kind == TaskEventKind.Artifact).Select(Read))
        {
            var there = artifacts.FindIndex(artifact => artifact.ArtifactId == made.Artifact.ArtifactId);
            if (there < 0)
            {
                artifacts.Add(made.Artifact);
            }
            else
            {
                artifacts[there] = made.Append ? artifacts[there] with { Parts = [.. artifacts[there].Parts, .. made.Artifact.Parts] } : made.Artifact;
            }
        }

        return artifacts;
    }

    private static StreamResponse ArtifactEvent(TaskRecord task, TaskStep step)
    {
        var made = Read(step);
        return new StreamResponse
        {
            ArtifactUpdate = new TaskArtifactUpdateEvent { TaskId = task.Id.ToString(), ContextId = task.ContextId, Artifact = made.Artifact, Append = made.Append, LastChunk = made.Last },
        };
    }

    /// <summary>The artifact of an event: what is stored with it, else the message itself.</summary>
    private static (Artifact Artifact, bool Append, bool Last) Read(TaskStep step)
    {
        var said = new Part { Text = step.Message?.Content ?? "" };
        if (step.Event.Artifact is not { } json)
        {
            return (new Artifact { ArtifactId = UsualArtifact, Name = UsualArtifact, Parts = [said] }, Append: false, Last: true);
        }

        var stored = JsonNode.Parse(json)!.AsObject();
        var parts = stored["parts"] is JsonArray given ? given.Deserialize(A2aJson.Of<IReadOnlyList<Part>>())! : [said];
        return (
            new Artifact { ArtifactId = Text(stored, "id") ?? UsualArtifact, Name = Text(stored, "name"), Description = Text(stored, "description"), Parts = parts },
            Flag(stored, "append"), Flag(stored, "last"));
    }

    private static string? Text(JsonObject of, string name) => of[name]?.GetValue<string>();

    private static bool Flag(JsonObject of, string name) => of[name]?.GetValue<bool>() is true;
}
