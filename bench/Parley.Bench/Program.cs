using System.CommandLine;
using System.Runtime.Versioning;
using Parley.Bench;

[assembly: SupportedOSPlatform("linux")]

var root = new RootCommand("Puts the same work through several message systems on this machine.") { CompareCommand.Create() };
return await root.Parse(args).InvokeAsync();
