using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Parley.Server.Telemetry;

/// <summary>Logs to standard error; with an OTLP address also logs, traces and metrics to there.</summary>
internal static class TelemetrySetup
{
    public static void AddParleyLogging(this ILoggingBuilder logging, ServerOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Parley", options.LogLevel);
        if (options.LogToConsole)
        {
            logging.AddConsole(console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                console.FormatterName = options.JsonLogs ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
            });
            logging.AddSimpleConsole(simple => Line(simple, options)).AddJsonConsole(json => json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
            logging.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = options.JsonLogs ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
            logging.Services.Configure<JsonConsoleFormatterOptions>(json => json.UseUtcTimestamp = true);
        }

        if (options.OtlpUrl is { } url)
        {
            logging.AddOpenTelemetry(logs => logs.SetResourceBuilder(Resource()).AddOtlpExporter(exporter => Point(exporter, url, "v1/logs")));
        }
    }

    /// <summary>Traces and metrics; they live as long as the container.</summary>
    public static void AddParleyTelemetry(this IServiceCollection services, ServerOptions options)
    {
        if (options.OtlpUrl is not { } url)
        {
            return;
        }

        services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddSource("Microsoft.AspNetCore", Core.Telemetry.Name)
            .AddOtlpExporter(exporter => Point(exporter, url, "v1/traces"))
            .Build());
        services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", Core.Telemetry.Name)
            .AddOtlpExporter(exporter => Point(exporter, url, "v1/metrics"))
            .Build());
    }

    private static void Line(SimpleConsoleFormatterOptions simple, ServerOptions options)
    {
        simple.SingleLine = true;
        simple.UseUtcTimestamp = true;
        simple.TimestampFormat = options.LogLevel <= LogLevel.Debug ? "HH:mm:ss.fff " : "HH:mm:ss ";
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateDefault().AddService("parley", serviceVersion: ProductVersion.Current);

    private static void Point(OtlpExporterOptions exporter, string url, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(new Uri(url.TrimEnd('/') + "/"), path);
    }
}
