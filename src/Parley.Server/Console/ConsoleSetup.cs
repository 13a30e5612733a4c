using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Organizations;
using Parley.Core.Turns;
using Parley.Server.Live;

namespace Parley.Server.Console;

/// <summary>Registers what the console is made of.</summary>
internal static class ConsoleSetup
{
    public static void AddConsole(this IServiceCollection services)
    {
        services.AddSingleton<CreateSignInLink>().AddSingleton<SignIn>().AddSingleton<SignOut>().AddSingleton<ListConsoleSessions>().AddSingleton<SignInRate>();
        services.AddSingleton<ConsoleHub>().AddSingleton<IWakeListener>(all => all.GetRequiredService<ConsoleHub>()).AddSingleton<ITurnWatch>(all => all.GetRequiredService<ConsoleHub>());
        services.AddSingleton<ConsoleFiles>();
    }
}
