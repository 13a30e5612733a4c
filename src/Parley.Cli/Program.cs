using Parley.Cli.Shell;

// Schemas of results come from agents and may hold any pattern; nothing of Parley's own comes near this time.
AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromSeconds(5));
return await Entry.RunAsync(args, Console.Out, Console.Error);
