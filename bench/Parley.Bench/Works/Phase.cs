namespace Parley.Bench.Works;

/// <summary>Where a run stands: warming up, recording, or told to stop. Set by the runner, read by every loop.</summary>
sealed class Phase
{
    volatile bool recording;
    volatile bool stopping;

    public bool Recording => recording;
    public bool Stopping => stopping;

    public void Record() => recording = true;

    public void EndRecording() => recording = false;

    public void Stop() => stopping = true;
}
