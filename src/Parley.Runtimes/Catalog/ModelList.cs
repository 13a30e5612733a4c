using System.Text.Json;
using Parley.Runtimes.Models;

namespace Parley.Runtimes.Catalog;

/// <summary>What a provider lists at <c>/models</c>; the two formats differ in their headers only.</summary>
internal static class ModelList
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostModels = 1000;

    public static async Task<IReadOnlyList<string>> ReadAsync(HttpClient client, Provider provider, Uri address, string? key, CancellationToken cancellationToken)
    {
        var start = address.ToString().TrimEnd('/');
        using var request = new HttpRequestMessage(HttpMethod.Get, provider == Provider.Anthropic ? $"{start}/v1/models?limit={MostModels}" : $"{start}/models");
        if (provider == Provider.Anthropic)
        {
            request.Headers.Add("x-api-key", key);
            request.Headers.Add("anthropic-version", "2023-06-01");
        }
        else if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        client.MaxResponseContentBufferSize = MostBytes;
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        return [.. Ids(json.RootElement).Take(MostModels).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Ids(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            ? data.EnumerateArray().Where(model => model.ValueKind == JsonValueKind.Object && model.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
                .Select(model => model.GetProperty("id").GetString()!)
            : [];
}
