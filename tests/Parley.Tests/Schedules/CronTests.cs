using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Schedules;

namespace Parley.Tests.Schedules;

public sealed class CronTests
{
    private static readonly string[] MonthNames = ["JAN", "FEB", "MAR", "apr", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "Dec"];
    private static readonly string[] WeekdayNames = ["SUN", "MON", "TUE", "wed", "THU", "FRI", "SAT"];

    /// <summary>Zones and moments at which their clocks jump: by an hour, by half of one, over midnight, over a whole day, and never.</summary>
    private static readonly (string Zone, string Moment)[] Jumps =
    [
        ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"), ("America/New_York", "2026-03-08T07:00:00Z"), ("America/New_York", "2026-11-01T06:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"), ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), ("America/Sao_Paulo", "2018-11-04T03:00:00Z"), ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"), ("Asia/Kathmandu", "2026-02-28T18:15:00Z"), ("UTC", "2026-12-31T23:00:00Z"), ("UTC", "2028-02-28T12:00:00Z"),
    ];

    private static Gen<string> Field(int least, int most, string[] names)
    {
        var value = names.Length == 0 ? Gen.Choose(least, most).Select(Text) : Gen.OneOf(Gen.Choose(least, most).Select(Text), Gen.Choose(0, names.Length - 1).Select(index => names[index]));
        var range = from one in Gen.Choose(least, most)
                    from other in Gen.Choose(least, most)
                    select $"{Math.Min(one, other)}-{Math.Max(one, other)}";
        var step = from start in Gen.OneOf(Gen.Constant("*"), range)
                   from every in Gen.Choose(1, Math.Min(most, 20))
                   select $"{start}/{every}";
        var part = Gen.Frequency((4, value), (2, range), (2, step));
        return Gen.Frequency((6, Gen.Constant("*")), (4, part), (2, part.ListOf(3).Select(parts => string.Join(',', parts))));
    }

    private static Gen<string> Expressions(bool seconds) =>
        from second in Field(0, 59, [])
        from minute in Field(0, 59, [])
        from hour in Field(0, 23, [])
        from day in Field(1, 28, [])
        from month in Gen.Frequency((5, Gen.Constant("*")), (2, Field(1, 12, MonthNames)))
        from weekday in Field(0, 7, WeekdayNames)
        select $"{(seconds ? second + " " : "")}{minute} {hour} {day} {month} {weekday}";

    private static Arbitrary<(string Cron, string Zone, DateTimeOffset From)> Cases(bool seconds, int minutesBefore) =>
        (from cron in Expressions(seconds)
         from jump in Gen.Elements(Jumps)
         from minutes in Gen.Choose(0, minutesBefore)
         select (cron, jump.Zone, DateTimeOffset.Parse(jump.Moment, CultureInfo.InvariantCulture).AddMinutes(-minutes))).ToArbitrary();

    [Fact]
    public void Expressions_of_five_fields_fire_when_a_look_at_every_minute_says_so() =>
        Prop.ForAll(Cases(seconds: false, 3_000), one => Agrees(one.Cron, one.Zone, one.From, TimeSpan.FromDays(5))).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Expressions_of_six_fields_fire_when_a_look_at_every_second_says_so() =>
        Prop.ForAll(Cases(seconds: true, 90), one => Agrees(one.Cron, one.Zone, one.From, TimeSpan.FromHours(4))).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Theory]
    [InlineData("0 9 * * 1-5", "2026-11-20T08:00:00Z", "2026-11-23 09:00", "2026-11-24 09:00")]
    [InlineData("0 9 * * MON-FRI", "2026-11-20T08:00:00Z", "2026-11-23 09:00", "2026-11-24 09:00")]
    [InlineData("30 8 1,15 * *", "2026-11-20T08:00:00Z", "2026-12-01 08:30", "2026-12-15 08:30")]
    [InlineData("0 0 13 * FRI", "2026-11-10T08:00:00Z", "2026-11-13 00:00", "2026-11-20 00:00")]
    [InlineData("0 0 */2 * FRI", "2026-11-10T08:00:00Z", "2026-11-13 00:00", "2026-11-27 00:00")]
    [InlineData("0 12 * * SAT-SUN", "2026-11-20T08:00:00Z", "2026-11-21 12:00", "2026-11-22 12:00")]
    [InlineData("0 12 * * 7", "2026-11-20T08:00:00Z", "2026-11-22 12:00", "2026-11-29 12:00")]
    [InlineData("0 0 29 2 *", "2026-11-20T08:00:00Z", "2028-02-29 00:00", "2032-02-29 00:00")]
    [InlineData("@daily", "2026-11-20T08:00:00Z", "2026-11-21 00:00", "2026-11-22 00:00")]
    [InlineData("@WEEKLY", "2026-11-20T08:00:00Z", "2026-11-22 00:00", "2026-11-29 00:00")]
    [InlineData("@yearly", "2026-11-20T08:00:00Z", "2027-01-01 00:00", "2028-01-01 00:00")]
    [InlineData("59 59 23 31 12 *", "2026-11-20T08:00:00Z", "2026-12-31 23:59:59", "2027-12-31 23:59:59")]
    [InlineData("  5/20   8   *  * * ", "2026-11-20T07:10:00Z", "2026-11-20 08:25", "2026-11-20 08:45")]
    public void The_next_times_are_those_of_unix(string cron, string after, params string[] expected) =>
        Next(cron, "Europe/Berlin", after, expected.Length).ShouldBe(expected.Select(text => Wall("Europe/Berlin", text)));

    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T00:00:00Z", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("*/20 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z", "2026-03-30T00:20:00Z")]
    [InlineData("0 2,3 * * *", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z", "2026-03-30T01:00:00Z")]
    [InlineData("0 9 * * *", "2026-03-28T00:00:00Z", "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z")]
    public void A_time_that_the_spring_leaves_out_in_Berlin_fires_at_the_first_moment_after_the_gap(string cron, string after, params string[] expected) =>
        Next(cron, "Europe/Berlin", after, expected.Length).ShouldBe(expected.Select(Utc));

    [Theory]
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("0 * * * *", "2026-10-24T23:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("0 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z", "2026-10-27T01:00:00Z")]
    [InlineData("0 9 * * *", "2026-10-24T00:00:00Z", "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z")]
    public void A_time_that_the_autumn_brings_twice_in_Berlin_fires_once(string cron, string after, params string[] expected) =>
        Next(cron, "Europe/Berlin", after, expected.Length).ShouldBe(expected.Select(Utc));

    [Theory]
    [InlineData("0 25 * * *", "hour", "25 is not within 0 and 23")]
    [InlineData("60 9 * * *", "minute", "60 is not within 0 and 59")]
    [InlineData("0 9 0 * *", "day of month", "0 is not within 1 and 31")]
    [InlineData("0 9 * 13 *", "month", "13 is not within 1 and 12")]
    [InlineData("0 9 * * 8", "day of week", "8 is not within 0 and 7")]
    [InlineData("0 9 * * FRI-MON", "day of week", "'FRI-MON' runs backwards")]
    [InlineData("0 9 * * MONDAY", "day of week", "'MONDAY' is neither a number nor a name of it")]
    [InlineData("*/0 9 * * *", "minute", "the step '0' is not a number from 1 to 59")]
    [InlineData("0 9,, * * *", "hour", "a number is missing")]
    [InlineData("0 9- * * *", "hour", "a number is missing in '9-'")]
    [InlineData("0 1-2-3 * * *", "hour", "'1-2-3' is neither a number nor a name of it")]
    [InlineData("60 0 9 * * *", "second", "60 is not within 0 and 59")]
    [InlineData("0 9 L * *", "day of month", "'L' is neither a number nor a name of it")]
    public void A_wrong_field_is_named_with_an_example(string cron, string field, string why)
    {
        var error = Should.Throw<ParleyError>(() => CronExpression.Parse(cron));
        (error.Code, error.Field).ShouldBe((ErrorCode.InvalidRequest, "cron"));
        error.Message.ShouldStartWith($"The {field} of the cron expression is wrong: {why}");
        error.Fix.ShouldContain($"Write the {field} as ");
        error.Fix.ShouldContain("\"0 9 * * 1-5\" is 09:00 from Monday to Friday");
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("  ", "empty")]
    [InlineData("0 9 * *", "has 4 fields instead of 5")]
    [InlineData("@reboot", "'@reboot' is not a time that cron knows")]
    [InlineData("0 0 9 ? * 2-6", "'?' is not of unix cron")]
    [InlineData("0 0 31 2 *", "The day of month '31' never comes in the month '2'")]
    public void Other_faults_are_told_with_the_form(string? cron, string why)
    {
        var error = Should.Throw<ParleyError>(() => CronExpression.Parse(cron));
        error.Message.ShouldContain(why);
        error.Fix.ShouldContain("The fields are minute, hour, day of month, month, day of week");
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused_as_a_wrong_cron_expression() => Prop.ForAll(
        Gen.Elements("*", "/", "-", ",", "0", "9", "59", "99999999999", "MON", "sun", " ", "@", "?", "L", "é", "\0").ListOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            try
            {
                CronExpression.Parse(text).After(new DateTime(2026, 1, 1)).ShouldNotBeNull();
            }
            catch (ParleyError error)
            {
                error.Field.ShouldBe("cron");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static void Agrees(string cron, string zone, DateTimeOffset from, TimeSpan length)
    {
        var until = from + length;
        var expected = new NaiveCron(cron).Between(from, until, TimeZoneInfo.FindSystemTimeZoneById(zone));
        CronExpression parsed;
        try
        {
            parsed = CronExpression.Parse(cron);
        }
        catch (ParleyError)
        {
            expected.Count.ShouldBe(0, $"{cron} was refused");
            return;
        }

        parsed.ShouldNotBeNull();
        var fired = new List<DateTimeOffset>();
        var calendar = Parley.Core.Schedules.Calendar.Of(new Timing(TimingKind.Cron, cron, zone, from));
        for (var due = calendar.After(from); due <= until; due = calendar.After(due.Value))
        {
            fired.Add(due.Value);
        }

        var wrong = fired.Zip(expected).FirstOrDefault(pair => pair.First != pair.Second);
        (fired.Count, wrong).ShouldBe((expected.Count, default), $"{cron} in {zone} from {from:u}");
    }

    private static IEnumerable<DateTimeOffset> Next(string cron, string zone, string after, int count) =>
        ScheduleRules.Upcoming(new Timing(TimingKind.Cron, cron, zone, default), Utc(after), count).Select(moment => moment.ToUniversalTime());

    private static DateTimeOffset Wall(string zone, string text)
    {
        var wall = DateTime.Parse(text, CultureInfo.InvariantCulture);
        return new DateTimeOffset(wall, TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(wall)).ToUniversalTime();
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
