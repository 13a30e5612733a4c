using System.Text.RegularExpressions;
using Parley.Core;

namespace Parley.Tests;

public sealed class ErrorCodeTests
{
    public static TheoryData<string> Names => [.. ErrorCode.All.Select(code => code.Name)];

    [Fact]
    public void Every_code_has_its_own_name()
    {
        ErrorCode.All.Count.ShouldBeGreaterThan(25);
        ErrorCode.All.Select(code => code.Name).ShouldBeUnique();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_code_means_the_same_at_every_door(string name)
    {
        var code = ErrorCode.Find(name);

        code.Name.ShouldBe(name);
        // One stands word for word in the founding document's table of errors.
        (code == ErrorCode.MaxChildrenPerAgent || Regex.IsMatch(code.Name, "^[a-z]+(_[a-z]+)*$")).ShouldBeTrue();
        code.Meaning.ShouldEndWith(".");
        code.ExitCode.ShouldBe(code.HttpStatus switch
        {
            400 or 405 or 413 => 2,
            404 => 3,
            401 or 403 or 421 or 423 => 4,
            429 or 502 or 503 or 504 or 507 => 5,
            409 or 410 => 6,
            500 => 1,
            _ => -1,
        });
        (code.CloseCode is null or 1001 or 1009 or 1011 or (>= 4000 and <= 4999)).ShouldBeTrue();
    }

    [Fact]
    public void Close_codes_are_distinct() =>
        ErrorCode.All.Where(code => code.CloseCode is not null).Select(code => code.CloseCode).ShouldBeUnique();

    [Fact]
    public void A_name_of_a_later_version_is_internal() => ErrorCode.Find("from_the_future").ShouldBe(ErrorCode.Internal);
}
