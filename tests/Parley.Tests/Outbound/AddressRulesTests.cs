using System.Buffers.Binary;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Outbound;

namespace Parley.Tests.Outbound;

public sealed class AddressRulesTests
{
    /// <summary>First and last address of every range that is not everybody's, written out of the registries a second time.</summary>
    private static readonly (UInt128 First, UInt128 Last)[] s_closedV4 = Ranges(
        "0.0.0.0 0.255.255.255", "10.0.0.0 10.255.255.255", "100.64.0.0 100.127.255.255", "127.0.0.0 127.255.255.255", "169.254.0.0 169.254.255.255", "172.16.0.0 172.31.255.255",
        "192.0.0.0 192.0.0.255", "192.0.2.0 192.0.2.255", "192.31.196.0 192.31.196.255", "192.52.193.0 192.52.193.255", "192.88.99.0 192.88.99.255", "192.168.0.0 192.168.255.255",
        "192.175.48.0 192.175.48.255", "198.18.0.0 198.19.255.255", "198.51.100.0 198.51.100.255", "203.0.113.0 203.0.113.255", "224.0.0.0 255.255.255.255");

    private static readonly (UInt128 First, UInt128 Last)[] s_closedV6 = Ranges(
        ":: 64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::1:0:0 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002:: 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2620:4f:8000:: 2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "4000:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    private static Gen<uint> Word => from high in Gen.Choose(0, 0xffff) from low in Gen.Choose(0, 0xffff) select ((uint)high << 16) | (uint)low;

    private static Gen<UInt128> Long => from a in Word from b in Word from c in Word from d in Word select new UInt128(((ulong)a << 32) | b, ((ulong)c << 32) | d);

    [Fact]
    public void An_address_of_version_4_is_public_exactly_where_no_registry_keeps_it() => Prop.ForAll(
        Gen.OneOf(Word.Select(word => (UInt128)word), Near(s_closedV4)).ToArbitrary(),
        number => AddressRules.IsPublic(V4((uint)number)).ShouldBe(!Within(s_closedV4, (uint)number), V4((uint)number).ToString())).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void An_address_of_version_6_is_public_exactly_where_no_registry_keeps_it() => Prop.ForAll(
        Gen.OneOf(Long, Long.Select(number => (number >> 3) | (UInt128.One << 125)), Near(s_closedV6)).Where(number => !IsTranslated(number)).ToArbitrary(),
        number => AddressRules.IsPublic(V6(number)).ShouldBe(!Within(s_closedV6, number), V6(number).ToString())).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void No_address_of_version_4_inside_one_of_version_6_is_public_but_what_NAT64_translates() => Prop.ForAll(
        Gen.OneOf(Word.Select(word => (UInt128)word), Near(s_closedV4)).ToArbitrary(),
        number =>
        {
            var inner = V4((uint)number);
            var bytes = inner.GetAddressBytes();
            AddressRules.IsPublic(inner.MapToIPv6()).ShouldBeFalse();
            AddressRules.IsPublic(new IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes])).ShouldBeFalse();
            AddressRules.IsPublic(new IPAddress([0x20, 0x02, .. bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])).ShouldBeFalse();
            AddressRules.IsPublic(new IPAddress([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes])).ShouldBe(AddressRules.IsPublic(inner));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true)]
    [InlineData("169.254.169.254", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2606:2800:21f::1%3", false)]
    public void Well_known_addresses_are_told_apart(string address, bool isPublic) => AddressRules.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    /// <summary>The ends of each range and what lies beside them.</summary>
    private static Gen<UInt128> Near((UInt128 First, UInt128 Last)[] ranges) =>
        from range in Gen.Elements(ranges) from end in Gen.Elements(range.First, range.Last) from step in Gen.Choose(-2, 2) select step < 0 ? end - (UInt128)(-step) : end + (UInt128)step;

    private static bool Within((UInt128 First, UInt128 Last)[] ranges, UInt128 number) => ranges.Any(range => number >= range.First && number <= range.Last);

    private static bool IsTranslated(UInt128 number) => number >> 32 == Number(IPAddress.Parse("64:ff9b::")) >> 32;

    private static (UInt128 First, UInt128 Last)[] Ranges(params string[] ranges) => [.. ranges.Select(range => range.Split(' ')).Select(ends => (Number(IPAddress.Parse(ends[0])), Number(IPAddress.Parse(ends[1]))))];

    private static UInt128 Number(IPAddress address) => address.GetAddressBytes() is { Length: 4 } four ? BinaryPrimitives.ReadUInt32BigEndian(four) : BinaryPrimitives.ReadUInt128BigEndian(address.GetAddressBytes());

    private static IPAddress V4(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    private static IPAddress V6(UInt128 number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
