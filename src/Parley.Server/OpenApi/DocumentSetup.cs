using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Server.Errors;
using Parley.Server.Http;
using Parley.Server.Security;

namespace Parley.Server.OpenApi;

/// <summary>The OpenAPI 3.1 document and the page that shows it.</summary>
internal static class DocumentSetup
{
    private const string Scheme = "token";
    private const string Name = "v1";

    public static void AddDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddOperationTransformer((operation, context, _) => Illustrate(operation, context));
        options.AddSchemaTransformer((schema, context, _) => Loosen(schema, context.JsonTypeInfo));
    });

    public static void MapDocument(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(NoTokenNeeded.Mark);

    public static void UseDocumentPage(this WebApplication app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "Parley API";
        page.SwaggerEndpoint($"/openapi/{Name}.json", "Parley API v1");
    });

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Parley",
            Version = ProductVersion.Current,
            Description = "Durable messages between agents. Errors are problem details (RFC 9457) with a stable 'code' and a 'fix'. Cursors are opaque; hand them in as received.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An agent's token (pa_…) or a user's (pu_…)." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>What is null is left out of answers; in a request it says that the caller has to name it.</summary>
    private static Task Loosen(OpenApiSchema schema, JsonTypeInfo type)
    {
        if (schema.Required is { } required && !type.Type.Name.EndsWith("Request", StringComparison.Ordinal))
        {
            foreach (var property in type.Properties.Where(property => property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsGetNullable))
            {
                required.Remove(property.Name);
            }
        }

        return Task.CompletedTask;
    }

    private static Task Illustrate(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var example = metadata.OfType<OperationExample>().FirstOrDefault();
        if (operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
        {
            body.Example = ToNode(example?.Request);
        }

        // Those of a record have the names of its properties; queries are read in any case, and written as everything here is.
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query))
        {
            parameter.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name ?? "");
        }

        foreach (var (_, response) in operation.Responses ?? [])
        {
            if (response.Content?.TryGetValue("application/json", out var answer) == true)
            {
                answer.Example = ToNode(example?.Response);
            }

            if (example?.Events is { } events && response.Content?.TryGetValue("text/event-stream", out var live) == true)
            {
                (live.Schema, live.Example) = (new OpenApiSchema { Type = JsonSchemaType.String }, events);
            }
        }

        if (metadata.OfType<NoTokenNeeded>().Any())
        {
            operation.Security = [];
        }

        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "An error: 'code' says which, 'fix' what to do.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Example = ToNode(Problems.From(ParleyError.NotFound("message"), "4bf92f3577b34da6a3ce929d0e0e4736")) },
            },
        };
        return Task.CompletedTask;
    }

    private static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        HealthAnswer health => new JsonObject { ["status"] = health.Status },
        _ => JsonSerializer.SerializeToNode(value, value.GetType(), WireJson.Default),
    };
}
