using System.Reflection;

namespace Parley.Server;

/// <summary>The version of this program.</summary>
internal static class ProductVersion
{
    public static readonly string Current =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
