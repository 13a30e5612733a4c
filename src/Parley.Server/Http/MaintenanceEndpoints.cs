using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Export, backup, restore and the server's own checks, all while it runs.</summary>
internal static class MaintenanceEndpoints
{
    public static void MapMaintenance(this RouteGroupBuilder api)
    {
        var maintenance = api.MapGroup("").WithTags("Maintenance");
        maintenance.DisableRequestTimeout();
        maintenance.MapGet("/export", ExportAsync).Document("Export messages", "Every message of the organization with its deliveries as JSON Lines, oldest first; what is accepted meanwhile is left out. Persons only.");
        maintenance.MapPost("/backup", BackUpAsync).Document("Back up the store", "One consistent snapshot while the server runs; it can be restored into either kind of database. Owner only.");
        maintenance.MapPost("/restore", RestoreAsync).Document("Restore a backup", "Verifies the whole file before anything changes. Cursors of before are answered with epoch_changed. Owner only.", response: Examples.Restored);
        maintenance.MapGet("/doctor", ExamineAsync).Document("Check the store", "Integrity, settings, invariants, free space. Persons only.", response: Examples.Findings);
    }

    private static async Task ExportAsync(HttpContext context, ExportMessages export, Caller caller, CancellationToken cancellationToken)
    {
        var messages = export.RunAsync(caller, new ExportFilter(), cancellationToken);
        context.Response.ContentType = "application/jsonl; charset=utf-8";
        var output = context.Response.BodyWriter;
        await foreach (var exported in messages)
        {
            var line = new ExportLine(MessageMapping.ToView(exported.Message), [.. exported.Deliveries.Select(MessageMapping.ToView)]);
            output.Write(JsonSerializer.SerializeToUtf8Bytes(line, WireJson.Default.ExportLine));
            output.Write("\n"u8);
            if (output.UnflushedBytes > 64 * 1024)
            {
                await output.FlushAsync(cancellationToken);
            }
        }
    }

    private static async Task BackUpAsync(HttpContext context, BackupStore backup, Caller caller, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"parley.backup\"";
        await backup.RunAsync(caller, context.Response.Body, progress: null, cancellationToken);
    }

    private static async Task<RestoredView> RestoreAsync(HttpContext context, RestoreStore restore, IDatabase database, Caller caller, CancellationToken cancellationToken)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var summary = await restore.RunAsync(caller, context.Request.Body, progress: null, cancellationToken);
        return new RestoredView(summary.CreatedAt, summary.Rows.Values.Sum(), database.Epoch);
    }

    private static async Task<ListOf<DoctorFinding>> ExamineAsync(CheckStore check, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await check.RunAsync(caller, cancellationToken), finding => new DoctorFinding(finding.Check, WireNames.Of(finding.Status), finding.Text, finding.Fix));

    private static void Write(this System.IO.Pipelines.PipeWriter output, ReadOnlySpan<byte> bytes) => System.Buffers.BuffersExtensions.Write(output, bytes);
}
