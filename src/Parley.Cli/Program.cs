using Parley.Cli.Shell;

return await Entry.RunAsync(args, Console.Out, Console.Error);
