using System.Net;
using System.Text.Json;
using Parley.Core.Turns;

namespace Parley.Runtimes.Models;

/// <summary>
/// Turns every refusal of a provider into a <see cref="RuntimeFault"/> where its status, headers and words are still at hand, so that both
/// libraries report the same. The key is taken out of whatever the provider says.
/// </summary>
internal sealed class WireHandler(HttpMessageInvoker connections, Provider provider, string? key, TimeProvider time) : HttpMessageHandler
{
    private const int MostRead = 8 * 1024;
    private const int MostShown = 400;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var said = Said.Read(await StartOfAsync(response, cancellationToken).ConfigureAwait(false));
            throw Fault(response, said);
        }
    }

    private RuntimeFault Fault(HttpResponseMessage response, Said said)
    {
        var status = (int)response.StatusCode;
        var words = Clean(said.Words);
        return response.StatusCode switch
        {
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                new(RuntimeFaultKind.Refused, $"{provider.Name} answers with a redirect ({status}), which is not followed. Set {provider.AddressVariable} to the address that answers itself."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new(RuntimeFaultKind.Unauthenticated, $"{provider.Name} refuses the key ({status}). Set another with: parley key set {provider.Name}, or in {provider.KeyVariable}."),
            HttpStatusCode.NotFound => new(RuntimeFaultKind.UnknownModel, $"{provider.Name} does not know that model or address ({status}){words}"),
            HttpStatusCode.TooManyRequests when said.Code is "insufficient_quota" => new(RuntimeFaultKind.Refused, $"The account at {provider.Name} has no quota left ({status}){words}"),
            HttpStatusCode.TooManyRequests => new(RuntimeFaultKind.Overloaded, $"{provider.Name} asks to slow down ({status}){words}", Wait(response)),
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict => new(RuntimeFaultKind.Transient, $"{provider.Name} gave up the call ({status}){words}", Wait(response)),
            >= HttpStatusCode.InternalServerError => new(RuntimeFaultKind.Overloaded, $"{provider.Name} fails ({status}){words}", Wait(response)),
            _ when said.NamesUnknownModel => new(RuntimeFaultKind.UnknownModel, $"{provider.Name} does not know that model ({status}){words}"),
            _ => new(RuntimeFaultKind.Refused, $"{provider.Name} refuses the request ({status}){words}"),
        };
    }

    private string Clean(string words)
    {
        var line = string.Concat(words.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        if (key is { Length: > 0 })
        {
            line = line.Replace(key, "[key]", StringComparison.Ordinal);
        }

        return line.Length == 0 ? "." : ": " + (line.Length > MostShown ? line[..MostShown] + "…" : line);
    }

    private TimeSpan? Wait(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = response.Headers.TryGetValues("retry-after-ms", out var values) && double.TryParse(values.First(), System.Globalization.CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 86_400_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is null ? null : TimeSpan.FromTicks(Math.Clamp(wait.Value.Ticks, 0, s_longestWait.Ticks));
    }

    private static async Task<byte[]> StartOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = new byte[MostRead];
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var read = await body.ReadAtLeastAsync(bytes, MostRead, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return bytes[..read];
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            // The status says enough.
            return [];
        }
    }

    /// <summary>What a provider says about a failure, in the forms that are about.</summary>
    private sealed record Said(string Words, string Code)
    {
        private static readonly Said s_nothing = new("", "");

        public bool NamesUnknownModel => Code is "model_not_found" || Words.Contains("not a valid model", StringComparison.OrdinalIgnoreCase);

        public static Said Read(byte[] body)
        {
            try
            {
                using var json = JsonDocument.Parse(body);
                var root = json.RootElement;
                if (root.ValueKind != JsonValueKind.Object)
                {
                    return s_nothing;
                }

                var error = root.TryGetProperty("error", out var inner) ? inner : root;
                return error.ValueKind == JsonValueKind.String ? new(error.GetString()!, "") : new(Text(error, "message"), Text(error, "code"));
            }
            catch (JsonException)
            {
                // A page of a proxy is no sentence for a person.
                return s_nothing;
            }
        }

        private static string Text(JsonElement element, string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }
}
