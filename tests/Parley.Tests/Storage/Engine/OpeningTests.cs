using Parley.Core;
using Parley.Storage;
using Parley.Tests.Turns;

namespace Parley.Tests.Storage.Engine;

/// <summary>What cannot be opened is refused with what a person can do about it.</summary>
public sealed class OpeningTests
{
    [Theory]
    [InlineData("banana")]
    [InlineData("Host=127.0.0.1;Port=banana")]
    [InlineData("Host=127.0.0.1;Colour=red")]
    [InlineData("Host=127.0.0.1,127.0.0.2;Target Session Attributes=banana")]
    public async Task What_is_no_connection_string_is_refused_with_the_form_of_one(string text)
    {
        var refusal = await OpenAsync(new StorageOptions { PostgresConnectionString = text });
        refusal.Code.ShouldBe(ErrorCode.InvalidRequest);
        refusal.Field.ShouldBe("database");
        refusal.Fix.ShouldContain("=");
    }

    [Fact]
    public async Task A_PostgreSQL_that_does_not_answer_is_looked_for_by_its_setting()
    {
        var refusal = await OpenAsync(new StorageOptions { PostgresConnectionString = "Host=127.0.0.1;Port=1;Username=nobody" });
        refusal.Code.ShouldBe(ErrorCode.StorageUnavailable);
        refusal.Fix.ShouldContain("--database");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_as_it_is_and_a_backup_named_as_the_way_out()
    {
        using var folder = new TempFolder();
        var path = folder["parley.db"];
        var content = Enumerable.Range(0, 8192).Select(number => (byte)(number * 7)).ToArray();
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        var refusal = await OpenAsync(new StorageOptions { SqlitePath = path });
        refusal.Code.ShouldBe(ErrorCode.StorageUnavailable);
        refusal.Fix.ShouldContain("parley restore");
        (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).ShouldBe(content);
    }

    private static Task<ParleyError> OpenAsync(StorageOptions options) =>
        Should.ThrowAsync<ParleyError>(() => Database.OpenAsync(options, TimeProvider.System, TestContext.Current.CancellationToken));
}
