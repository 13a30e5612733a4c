using Parley.Core;
using Parley.Runtimes.Schemas;

namespace Parley.Tests.Runtimes;

/// <summary>Schemas come from agents, so none may keep the checker busy or make it fetch anything.</summary>
public sealed class JsonResultSchemaTests
{
    private const string Count = """{"type":"object","properties":{"n":{"$ref":"#/$defs/number"}},"required":["n"],"additionalProperties":false,"$defs":{"number":{"type":"integer","minimum":1}}}""";
    private readonly JsonResultSchema schemas = new();

    [Theory]
    [InlineData("""{"n":7}""", true)]
    [InlineData("""{"n":0}""", false)]
    [InlineData("""{"n":"7"}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("""{"n":7,"m":1}""", false)]
    [InlineData("Seven.", false)]
    [InlineData("", false)]
    public void A_result_is_taken_exactly_where_it_follows_the_schema(string result, bool isTaken) => (schemas.FaultOf(Count, result) is null).ShouldBe(isTaken);

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}""")]
    [InlineData("""{"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/a"}}}""")]
    [InlineData("""{"$ref":"http://127.0.0.1:1/schema.json"}""")]
    [InlineData("""{"$ref":"file:///etc/passwd"}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/properties/a"}}}""")]
    [InlineData("""{"$ref":7}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_schema_that_leads_back_or_away_or_is_none_is_refused(string schema) =>
        Should.Throw<ParleyError>(() => schemas.Check(schema)).ShouldSatisfyAllConditions(error => error.Code.ShouldBe(ErrorCode.InvalidRequest), error => error.Field.ShouldBe("schema"));

    [Fact]
    public void A_schema_over_its_size_is_refused() =>
        Should.Throw<ParleyError>(() => schemas.Check($$"""{"description":"{{new string('x', 20_000)}}"}""")).Field.ShouldBe("schema");
}
