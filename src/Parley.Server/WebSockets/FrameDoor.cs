using System.Net.WebSockets;
using Parley.Core;

namespace Parley.Server.WebSockets;

/// <summary>The part of a session that takes frames: refuses what is malformed, sends what is a message, leaves control frames to the session.</summary>
internal abstract class FrameDoor(SocketOpening opening, SocketServices services) : SocketSession(opening)
{
    private const int MostInvalid = 3;
    private readonly SendPipeline sends = new(services.Send, opening.Caller, opening.Output, Math.Max(1, services.Database.PipelineDepth));
    private int invalid;

    protected SocketServices Services => services;

    protected override async ValueTask TakeAsync(Received received)
    {
        if (!received.IsText)
        {
            await CloseAsync((int)WebSocketCloseStatus.InvalidMessageType, "only text frames are read");
            return;
        }

        SocketFrame? frame = null;
        try
        {
            frame = FrameParser.Parse(received.Bytes, Opening.Strict);
            if (frame.Type == "ping")
            {
                await Output.AnswerAsync(new PongFrame("pong", frame.Ref), SocketJson.Default.PongFrame);
                Output.Queue.Flush();
            }
            else if (!await ControlAsync(frame))
            {
                services.Rate.Count(Caller.TokenId, "This token");
                await sends.StartAsync(FrameParser.ToInput(frame, Opening.Project?.Name), frame.Ref, Ending);
            }

            invalid = 0;
        }
        catch (ParleyError error)
        {
            await RefuseAsync(error, frame);
        }
    }

    /// <summary>Takes a control frame; false where it is a message.</summary>
    protected abstract ValueTask<bool> ControlAsync(SocketFrame frame);

    private async ValueTask RefuseAsync(ParleyError error, SocketFrame? frame)
    {
        await sends.RefuseAsync(error, frame?.Ref, frame?.Key, Ending);
        if (error.Code == ErrorCode.InvalidFrame)
        {
            if (++invalid >= MostInvalid)
            {
                await CloseAsync(ErrorCode.InvalidFrame, "three frames in a row were invalid");
            }
        }
        else if (error.Code.CloseCode is not null && error.Code != ErrorCode.RateLimited)
        {
            await CloseAsync(error.Code, error.Message);
        }
    }
}
