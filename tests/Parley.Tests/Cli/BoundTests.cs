using Parley.Cli.Shell;

namespace Parley.Tests.Cli;

public sealed class BoundTests
{
    [Theory]
    [InlineData("none", false, true)]
    [InlineData("NONE", true, true)]
    [InlineData("200000", true, true)]
    [InlineData("1.50", false, true)]
    [InlineData("1.50", true, false)]
    [InlineData("1,50", false, false)]
    [InlineData("-1", false, false)]
    [InlineData("", false, false)]
    [InlineData("99999999999999999999", true, false)]
    public void A_limit_is_a_number_or_none(string text, bool whole, bool valid)
    {
        Bound.TryParse(text, whole, out var bound).ShouldBe(valid);
        (bound.Most is null).ShouldBe(!valid || text.Equals("none", StringComparison.OrdinalIgnoreCase));
    }
}
