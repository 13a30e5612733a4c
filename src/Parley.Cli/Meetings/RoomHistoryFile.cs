using Parley.Cli.Shell;

namespace Parley.Cli.Meetings;

/// <summary>The lines that a person typed in rooms, kept in the data folder for the arrow keys. Losing them is no fault.</summary>
internal sealed class RoomHistoryFile(DataFolder folder)
{
    private readonly string file = Path.Combine(folder.Path, "meeting_history");

    public IEnumerable<string> Read()
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Write(IReadOnlyList<string> lines)
    {
        try
        {
            if (lines.Count > 0)
            {
                DataFolder.WriteSecret(file, string.Join('\n', lines));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next room begins without them.
        }
    }
}
