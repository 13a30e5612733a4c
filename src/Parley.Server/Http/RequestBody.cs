using System.Buffers;
using System.IO.Pipelines;
using Parley.Core;
using Parley.Server.Errors;

namespace Parley.Server.Http;

/// <summary>Reads a body whole, as far as the limit.</summary>
internal static class RequestBody
{
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            if (result.Buffer.Length > Limits.BodyBytes)
            {
                throw ErrorMap.TooLarge();
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
