using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Cli.Shell;

namespace Parley.Cli.Connect;

/// <summary>What connecting changed, kept so that it can be taken back exactly: the backup.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Files">The files.</param>
internal sealed record Receipt(string Agent, IReadOnlyList<ReceiptFile> Files)
{
    /// <summary>The receipt in the data folder of a program at a place; an empty one where there is none or it cannot be read.</summary>
    public static Receipt Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ReceiptJson.Default.Receipt) ?? new Receipt("", []) : new Receipt("", []);
        }
        catch (JsonException)
        {
            return new Receipt("", []);
        }
    }

    public static string PathOf(DataFolder folder, KnownProgram program, Place place) =>
        Path.Combine(folder.Path, "connect", place.IsProject ? $"{program.Name}-{Hash(place.Folder)[..12]}.json" : $"{program.Name}.json");

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public ReceiptFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    public void Write(DataFolder folder, string path)
    {
        folder.Create();
        DataFolder.CreateFolder(Path.GetDirectoryName(path)!);
        DataFolder.WriteSecret(path, JsonSerializer.Serialize(this, ReceiptJson.Default.Receipt));
    }
}

/// <summary>A file that was changed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Before">What it held; null where it was not there.</param>
/// <param name="After">The hash of what was written.</param>
/// <param name="Folders">The folders that were made for it, the deepest first.</param>
internal sealed record ReceiptFile(string Path, string? Before, string After, IReadOnlyList<string> Folders);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
