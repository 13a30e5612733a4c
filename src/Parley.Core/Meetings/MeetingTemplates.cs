using System.Reflection;
using System.Text;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>A template, or what is wrong with its file.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Template">The template, or null where the file is not understood.</param>
/// <param name="BuiltIn">False for a file of the data folder.</param>
/// <param name="Fault">What is wrong and what to do, or null.</param>
public sealed record TemplateEntry(string Name, MeetingTemplate? Template, bool BuiltIn, ParleyError? Fault);

/// <summary>The templates of meetings: those built in, and the files <c>*.md</c> of a folder, which go before built-in ones of the same name and are read when asked for.</summary>
/// <param name="Folder">Where users keep theirs; null for none. It need not exist.</param>
public sealed record MeetingTemplates(string? Folder)
{
    private const string Ending = ".md";
    private const int Most = 200;
    private static readonly Lazy<IReadOnlyList<TemplateEntry>> BuiltIn = new(ReadBuiltIn);

    /// <summary>All of them by name, those that are not understood included.</summary>
    public IReadOnlyList<TemplateEntry> All()
    {
        var own = Folder is not null && Directory.Exists(Folder)
            ? Directory.EnumerateFiles(Folder, "*" + Ending).Order(StringComparer.Ordinal).Take(Most).Select(ReadFile).ToList()
            : [];
        return [.. own.Concat(BuiltIn.Value.Where(entry => !own.Exists(other => other.Name == entry.Name))).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>The template of that name. Throws <c>not_found</c> with the names there are, and what is wrong where its file is not understood.</summary>
    public MeetingTemplate Find(string name)
    {
        var all = All();
        var wanted = name.Trim().ToLowerInvariant();
        var entry = all.FirstOrDefault(candidate => candidate.Name == wanted)
            ?? throw new ParleyError(ErrorCode.NotFound, "There is no such template.", "There are: " + string.Join(", ", all.Select(candidate => candidate.Name))) { Field = "template" };
        return entry.Template ?? throw entry.Fault!;
    }

    private static IReadOnlyList<TemplateEntry> ReadBuiltIn()
    {
        var assembly = typeof(MeetingTemplates).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.Contains(".Meetings.Templates.", StringComparison.Ordinal)).Select(name => ReadResource(assembly, name))];
    }

    private static TemplateEntry ReadResource(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var template = TemplateRules.Parse(resource, reader.ReadToEnd());
        return new TemplateEntry(template.Name, template, BuiltIn: true, Fault: null);
    }

    private static TemplateEntry ReadFile(string path)
    {
        var file = Path.GetFileName(path);
        var name = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
        try
        {
            var template = TemplateRules.Parse(file, Text(path, file));
            return template.Name == name
                ? new TemplateEntry(name, template, BuiltIn: false, Fault: null)
                : throw ParleyError.Invalid("template", $"{file}: The template calls itself '{template.Name}'.", $"Name the file {template.Name}{Ending}, or write 'name: {name}'.");
        }
        catch (ParleyError fault)
        {
            return new TemplateEntry(Name.HasForm(name) ? name : "unnamed", null, BuiltIn: false, fault);
        }
    }

    private static string Text(string path, string file)
    {
        try
        {
            return new FileInfo(path).Length <= TemplateRules.MostBytes
                ? File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true))
                : throw ParleyError.Invalid("template", $"{file}: The file is over 64 KiB.", "Keep the opening message short.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new ParleyError(ErrorCode.InvalidRequest, $"{file}: The file cannot be read as UTF-8 text.", "Check its rights and its encoding.", fault) { Field = "template" };
        }
    }
}
