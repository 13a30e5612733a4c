using Parley.Core;
using Parley.Core.Tasks;

namespace Parley.Tests.Tasks;

public sealed class TaskNoteTests
{
    private const string Id = "01a1fed2-ca46-72a5-8675-e0f84fc64831";

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"task\":\"write\"}")]
    [InlineData("{\"task\":{}}")]
    [InlineData("{\"task\":{\"id\":7}}")]
    [InlineData("{\"task\":{\"id\":\"seven\"}}")]
    [InlineData("{\"other\":{\"task\":{\"id\":\"01a1fed2-ca46-72a5-8675-e0f84fc64831\"}}}")]
    public void Metadata_of_ones_own_names_no_task(string metadata) => TaskNote.IdOf(metadata).ShouldBeNull();

    [Theory]
    [InlineData("\"state\":\"done\"", "metadata.task.state")]
    [InlineData("\"state\":\"canceled\"", "metadata.task.state")]
    [InlineData("\"state\":7", "metadata.task.state")]
    [InlineData("\"artifact\":[]", "metadata.task.artifact")]
    [InlineData("\"artifact\":{\"parts\":[{\"text\":\"a\",\"data\":1}]}", "metadata.task.artifact.parts")]
    [InlineData("\"artifact\":{\"parts\":[null]}", "metadata.task.artifact.parts")]
    [InlineData("\"artifact\":{\"parts\":[{\"text\":7}]}", "metadata.task.artifact.text")]
    [InlineData("\"artifact\":{\"append\":\"yes\"}", "metadata.task.artifact.append")]
    [InlineData("\"artifact\":{\"size\":7}", "metadata.task.artifact.size")]
    [InlineData("\"progress\":7", "metadata.task.progress")]
    public void A_wrong_note_is_refused_by_its_field(string member, string field) =>
        Should.Throw<ParleyError>(() => TaskNote.Of($"{{\"task\":{{\"id\":\"{Id}\",{member}}}}}")).Field.ShouldBe(field);

    [Fact]
    public void Every_stage_has_a_name_and_only_those_of_who_does_the_work_are_read()
    {
        foreach (var stage in Enum.GetValues<TaskStage>())
        {
            TaskRules.Parse(TaskRules.NameOf(stage)).ShouldBe(stage is TaskStage.Submitted or TaskStage.Canceled ? null : stage);
        }
    }

    [Fact]
    public void A_note_keeps_what_was_made()
    {
        var note = TaskNote.Of("""{"task":{"id":"ID","state":"working","artifact":{"name":"Poem","parts":[{"text":"a"},{"data":null},{"url":"https://example.org","media_type":"text/html"}],"append":true}}}""".Replace("ID", Id, StringComparison.Ordinal));
        note.Stage.ShouldBe(TaskStage.Working);
        note.Artifact.ShouldBe("""{"name":"Poem","parts":[{"text":"a"},{"data":null},{"url":"https://example.org","mediaType":"text/html"}],"append":true}""");
    }
}
