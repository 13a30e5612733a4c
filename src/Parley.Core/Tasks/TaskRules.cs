using Parley.Core.Sessions;

namespace Parley.Core.Tasks;

/// <summary>How far a task is. Pure.</summary>
public static class TaskRules
{
    /// <summary>The name under which Parley says beside a message to which task it belongs.</summary>
    public const string Field = "parley.task";

    /// <summary>Whether nothing follows that stage.</summary>
    public static bool IsEnd(TaskStage stage) => stage is TaskStage.Completed or TaskStage.Failed or TaskStage.Canceled or TaskStage.Rejected;

    /// <summary>Whether it is the owner's or a person's turn.</summary>
    public static bool Waits(TaskStage stage) => stage is TaskStage.InputRequired or TaskStage.AuthRequired;

    /// <summary>The stage after a word of the owner: what waited for it goes on.</summary>
    public static TaskStage Continued(TaskStage stage) => Waits(stage) ? TaskStage.Submitted : stage;

    /// <summary>The end of a task whose session ended so.</summary>
    public static TaskStage EndOf(SubagentState state) => state switch
    {
        SubagentState.Completed => TaskStage.Completed,
        SubagentState.Killed => TaskStage.Canceled,
        _ => TaskStage.Failed,
    };

    /// <summary>The names of stages in a message's metadata.</summary>
    public static string NameOf(TaskStage stage) => stage switch
    {
        TaskStage.InputRequired => "input_required",
        TaskStage.AuthRequired => "auth_required",
        _ => stage.ToString().ToLowerInvariant(),
    };

    /// <summary>The stage of that name that who does the work may set, or null.</summary>
    public static TaskStage? Parse(string name) => name switch
    {
        "working" => TaskStage.Working,
        "input_required" => TaskStage.InputRequired,
        "auth_required" => TaskStage.AuthRequired,
        "completed" => TaskStage.Completed,
        "failed" => TaskStage.Failed,
        "rejected" => TaskStage.Rejected,
        _ => null,
    };
}
