using System.CommandLine;
using System.Runtime.Versioning;
using Parley.Bench;
using Parley.Bench.Measures;

[assembly: SupportedOSPlatform("linux")]

var root = new RootCommand("Puts the same work through several message systems on this machine.") 
{
    CompareCommand.Create(), StartMeasure.Create(), IdleMeasure.Create(), HttpMeasure.Create(), HttpMeasure.CreateMcp(), HttpMeasure.CreateA2a(), McpWaitMeasure.Create(), StoredMeasure.Create(), HostedMeasure.Create(),
    SpawnMeasure.Create(), SubagentsMeasure.Create(), NodesMeasure.Create(), SimulateMeasure.Create(),
};
// Ctrl-C stops the servers first; the slowest takes some seconds.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
