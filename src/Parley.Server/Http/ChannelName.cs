using Parley.Core;
using Parley.Core.Channels;

namespace Parley.Server.Http;

/// <summary>The conversation of a channel by its name.</summary>
internal static class ChannelName
{
    /// <summary>Throws <c>not_found</c>, and <c>invalid_request</c> where the name stands for more than one.</summary>
    public static async Task<Guid> FindAsync(ListChannels channels, Caller caller, string? project, string channel, CancellationToken cancellationToken)
    {
        var name = channel.Trim().TrimStart('#').ToLowerInvariant();
        var found = (await channels.RunAsync(caller, project, cancellationToken)).FindAll(overview => overview.Channel.Name == name);
        return found switch
        {
            [var only] => only.Channel.Id,
            [] => throw ParleyError.NotFound("conversation"),
            _ => throw ParleyError.Invalid("project", "There is a channel of that name in more than one project.", "Name the project."),
        };
    }
}
