namespace Parley.Runtimes.Tools;

/// <summary>Names of tools as the providers allow them: letters, digits, <c>_</c> and <c>-</c>, at most 64.</summary>
internal static class ToolNames
{
    private const int Longest = 64;

    /// <summary>The tools of a server by the names that models see; a name that is taken gets a number.</summary>
    public static IReadOnlyDictionary<string, T> Of<T>(string server, IEnumerable<T> tools, Func<T, string> nameOf)
    {
        var named = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var tool in tools.OrderBy(nameOf, StringComparer.Ordinal))
        {
            var name = Cut($"{server}_{nameOf(tool)}", Longest);
            for (var number = 2; named.ContainsKey(name); number++)
            {
                var ending = FormattableString.Invariant($"_{number}");
                name = Cut($"{server}_{nameOf(tool)}", Longest - ending.Length) + ending;
            }

            named.Add(name, tool);
        }

        return named;
    }

    private static string Cut(string name, int longest)
    {
        var legal = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_'));
        return legal.Length <= longest ? legal : legal[..longest];
    }
}
