using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Parley.Server.Tests.Support;

/// <summary>An answer with its body read.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Body) : IDisposable
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? Code => MediaType == "application/problem+json" ? Json.GetProperty("code").GetString() : null;

    /// <summary>A field of a successful answer.</summary>
    public JsonElement Required(string field)
    {
        ((int)Status).ShouldBeLessThan(300, Body);
        return Json.GetProperty(field);
    }

    /// <summary>The answer has to be this error.</summary>
    public JsonElement ShouldBe(HttpStatusCode status, string code)
    {
        Status.ShouldBe(status, Body);
        Code.ShouldBe(code, Body);
        Json.GetProperty("fix").GetString().ShouldNotBeNullOrWhiteSpace();
        Json.GetProperty("trace_id").GetString().ShouldNotBeNullOrWhiteSpace();
        return Json;
    }

    public void Dispose()
    {
    }
}

/// <summary>Calls with JSON.</summary>
public static class Calls
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<Answer> GetJsonAsync(this HttpClient client, string path) => client.CallAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public static Task<Answer> DeleteJsonAsync(this HttpClient client, string path) => client.CallAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public static Task<Answer> PostAsync(this HttpClient client, string path, object body) =>
        client.CallAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(JsonSerializer.Serialize(body)) });

    public static Task<Answer> PutJsonAsync(this HttpClient client, string path, object body) =>
        client.CallAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = Json(JsonSerializer.Serialize(body)) });

    public static Task<Answer> PatchAsync(this HttpClient client, string path, object body) =>
        client.CallAsync(new HttpRequestMessage(HttpMethod.Patch, path) { Content = Json(JsonSerializer.Serialize(body)) });

    public static Task<Answer> PostTextAsync(this HttpClient client, string path, string json) => client.CallAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(json) });

    public static Task<Answer> PostBytesAsync(this HttpClient client, string path, byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return client.CallAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
    }

    public static async Task<Answer> CallAsync(this HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, Cancellation);
            return new Answer(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(Cancellation));
        }
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
