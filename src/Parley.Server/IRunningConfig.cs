using Parley.Client.Wire;

namespace Parley.Server;

/// <summary>The configuration that the server runs with, from whoever reads one.</summary>
public interface IRunningConfig
{
    /// <summary>As it is now.</summary>
    ConfigView Read();
}
