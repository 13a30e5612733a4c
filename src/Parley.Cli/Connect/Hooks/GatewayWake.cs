using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Cli.Connect.Programs;
using Parley.Cli.Shell;

namespace Parley.Cli.Connect.Hooks;

/// <summary>Wakes OpenClaw through its gateway.</summary>
internal sealed class GatewayWake(HttpClient http, Uri address, string token)
{
    private const int UsualPort = 18789;

    /// <summary>The gateway of this machine, as its settings say it.</summary>
    public static GatewayWake Find(HttpClient http, Place place)
    {
        var file = OpenClaw.Settings(place);
        try
        {
            var text = File.Exists(file) ? File.ReadAllText(file) : "{}";
            if (JsonEdit.Find(text, ["hooks", "token"])?.GetValue<string>() is { Length: > 0 } token)
            {
                var port = JsonEdit.Find(text, ["gateway", "port"])?.GetValue<int>() ?? UsualPort;
                var path = JsonEdit.Find(text, ["hooks", "path"])?.GetValue<string>().Trim('/') ?? "hooks";
                return new GatewayWake(http, new Uri($"http://127.0.0.1:{port}/{path}/wake"), token);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Refusal.Wrong($"{file} cannot be read: {fault.Message}", "Mend the file.");
        }

        throw Refusal.NotFound($"There is no hooks.token in {file}.", "Run 'parley connect openclaw' first.");
    }

    /// <summary>Throws <see cref="HttpRequestException"/> where the gateway does not take it.</summary>
    public async Task SendAsync(string text, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(JsonStyle.OneLine(new JsonObject { ["text"] = text, ["mode"] = "now" }), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }
}
