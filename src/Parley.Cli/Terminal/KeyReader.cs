namespace Parley.Cli.Terminal;

/// <summary>Reads keys on a thread of its own, because a terminal can only be read by waiting. Ctrl+C is a key while it reads.</summary>
internal static class KeyReader
{
    /// <summary>Hands over every key until the process ends; an end of the input is handed over as Ctrl+D.</summary>
    public static void Start(Action<ConsoleKeyInfo> onKey)
    {
        Console.TreatControlCAsInput = true;
        new Thread(() => Read(onKey)) { IsBackground = true, Name = "keys" }.Start();
    }

    private static void Read(Action<ConsoleKeyInfo> onKey)
    {
        while (true)
        {
            try
            {
                onKey(Console.ReadKey(intercept: true));
            }
            catch (Exception fault) when (fault is InvalidOperationException or IOException)
            {
                onKey(new ConsoleKeyInfo('\u0004', ConsoleKey.D, shift: false, alt: false, control: true));
                return;
            }
        }
    }
}
