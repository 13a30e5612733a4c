using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Organizations;

public sealed class NameTests
{
    private static readonly Gen<string> Texts = Gen.Elements("abzA90-_.@# é\n\0/".ToCharArray()).ArrayOf().Select(characters => new string(characters));

    [Theory]
    [InlineData("tesla", "tesla")]
    [InlineData(" Tesla ", "tesla")]
    [InlineData("v1.2", "v1.2")]
    [InlineData("9", "9")]
    [InlineData("a_b-c", "a_b-c")]
    public void A_name_is_kept_in_lower_case(string given, string name) => Name.Check(given, "name").ShouldBe(name);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-a")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("@a")]
    [InlineData("é")]
    [InlineData("a\0")]
    [InlineData("Everyone")]
    [InlineData("parley")]
    [InlineData("123456789-123456789-123456789-123456789-123456789-1")]
    public void What_is_no_name_is_refused_with_its_field(string? given)
    {

        var error = Should.Throw<ParleyError>(() => Name.Check(given, "name"));
        error.Code.ShouldBe(ErrorCode.InvalidRequest);
        error.Field.ShouldBe("name");
    }

    [Fact]
    public void A_valid_name_stays_itself_and_can_be_mentioned() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        string name;
        try
        {
            name = Name.Check(text, "name");
        }
        catch (ParleyError error)
        {
            return error.Code == ErrorCode.InvalidRequest;
        }

        var mentionable = name.TrimEnd('-');
        return Name.Check(name, "name") == name && name.Length <= Limits.NameLength
            && (mentionable != name || Mentions.In($"ask @{name}, please") is [var found] && found == name);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
