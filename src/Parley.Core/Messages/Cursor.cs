using System.Globalization;

namespace Parley.Core.Messages;

/// <summary>A place in an inbox, with the epoch of the store that gave out its numbers.</summary>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="Number">The inbox number up to which everything is known.</param>
public readonly record struct Cursor(string Epoch, long Number)
{
    /// <summary><c>epoch-number</c>, as clients keep it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Number}");

    /// <summary>
    /// Reads a cursor. A plain number belongs to the current epoch. Throws <c>epoch_changed</c> for a cursor of another epoch and
    /// <c>invalid_request</c> for what is no cursor.
    /// </summary>
    public static Cursor Parse(string text, string currentEpoch, string field = "cursor")
    {
        var dash = text.LastIndexOf('-');
        if (dash == 0 || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw ParleyError.Invalid(field, "That is not a cursor.", "Hand in a cursor exactly as it was received, or an inbox number.");
        }

        if (dash > 0 && text[..dash] != currentEpoch)
        {
            throw new ParleyError(ErrorCode.EpochChanged, "The store was restored or lost its tail since that cursor was given out.", "Read the inbox from cursor 0 and drop what you know by message id.")
            {
                Details = new Dictionary<string, object> { ["epoch"] = currentEpoch },
            };
        }

        return new Cursor(currentEpoch, number);
    }

    /// <summary>Throws <c>cursor_too_old</c> or <c>cursor_ahead</c> unless reading may go on after that number.</summary>
    public static void Check(long number, Agents.InboxState inbox)
    {
        if (number < inbox.Floor && number < inbox.Cursor)
        {
            throw new ParleyError(ErrorCode.CursorTooOld, "Messages after that cursor were deleted by retention.", "Go on from the number in 'oldest'.")
            {
                Details = new Dictionary<string, object> { ["oldest"] = inbox.Floor + 1 },
            };
        }

        if (number > inbox.Head)
        {
            throw new ParleyError(ErrorCode.CursorAhead, "The cursor is beyond the newest message of the inbox.", "Hand in a cursor exactly as it was received.")
            {
                Details = new Dictionary<string, object> { ["head"] = inbox.Head },
            };
        }
    }
}
