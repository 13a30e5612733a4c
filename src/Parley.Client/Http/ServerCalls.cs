using System.Net.Http.Headers;
using Parley.Client.Wire;

namespace Parley.Client.Http;

/// <summary>The server itself.</summary>
public sealed class ServerCalls
{
    private readonly Api api;

    internal ServerCalls(Api api) => this.api = api;

    /// <summary>Version, database, durability and health.</summary>
    public Task<ServerInfo> ReadAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/server", WireJson.Default.ServerInfo, cancellation);

    /// <summary>The configuration that it runs with, where each value comes from, and what is wrong with the file as it is now. Admins only.</summary>
    public Task<ConfigView> ReadConfigAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/config", WireJson.Default.ConfigView, cancellation);

    /// <summary>Returns when the server's process answers; needs no token.</summary>
    public Task CheckLiveAsync(CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Get, "/health/live", cancellation);

    /// <summary>Returns when the server accepts messages, throws while it does not; needs no token.</summary>
    public Task CheckReadyAsync(CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Get, "/health/ready", cancellation);

    /// <summary>The organization's feature switches.</summary>
    public Task<FeatureSwitches> ReadFeaturesAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/features", WireJson.Default.FeatureSwitches, cancellation);

    /// <summary>Turns features on or off; what is absent stays.</summary>
    public Task<FeatureSwitches> SetFeaturesAsync(FeatureSwitches change, CancellationToken cancellation = default) =>
        api.CallAsync(HttpMethod.Patch, "/api/v1/features", change, WireJson.Default.FeatureSwitches, WireJson.Default.FeatureSwitches, cancellation);

    /// <summary>The newest lines of the audit log.</summary>
    public Task<ListOf<AuditView>> ListAuditAsync(int? limit = null, CancellationToken cancellation = default) =>
        api.GetAsync(new Query("/api/v1/audit").With("limit", limit).ToString(), WireJson.Default.ListOfAuditView, cancellation);

    /// <summary>What the server's own checks find.</summary>
    public Task<ListOf<DoctorFinding>> ExamineAsync(CancellationToken cancellation = default) =>
        api.GetAsync("/api/v1/doctor", WireJson.Default.ListOfDoctorFinding, cancellation, TimeSpan.FromMinutes(10));

    /// <summary>Writes every message that the token can read as JSON Lines.</summary>
    public Task ExportAsync(Stream target, IProgress<long>? written = null, CancellationToken cancellation = default) =>
        DownloadAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/export"), target, written, cancellation);

    /// <summary>Writes a backup of the whole store while it runs.</summary>
    public Task BackUpAsync(Stream target, IProgress<long>? written = null, CancellationToken cancellation = default) =>
        DownloadAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/backup"), target, written, cancellation);

    /// <summary>Replaces the whole store by a backup; every cursor of before is answered with <c>epoch_changed</c>.</summary>
    public async Task RestoreAsync(Stream backup, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/restore") { Content = new StreamContent(backup) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await api.ExchangeAsync(request, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
    }

    private async Task DownloadAsync(HttpRequestMessage request, Stream target, IProgress<long>? written, CancellationToken cancellation)
    {
        using (request)
        using (var answer = await api.ExchangeAsync(request, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false))
        {
            try
            {
                await using var source = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
                var buffer = new byte[128 * 1024];
                long total = 0;
                for (int read; (read = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
                {
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                    written?.Report(total += read);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or HttpIOException)
            {
                throw ParleyException.LostAnswer(fault);
            }
        }
    }
}
