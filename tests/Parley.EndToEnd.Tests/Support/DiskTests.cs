namespace Parley.EndToEnd.Tests.Support;

public sealed class DiskTests
{
    [Fact]
    public async Task A_power_cut_keeps_what_was_flushed_and_loses_what_was_not()
    {
        await using var disk = await PowerLossDisk.CreateAsync(64);
        var (flushed, unflushed) = (Path.Combine(disk.Path, "flushed"), Path.Combine(disk.Path, "unflushed"));
        await WriteAsync(flushed, "before", flush: true);
        await WriteAsync(unflushed, "after", flush: false);
        File.Exists(unflushed).ShouldBeTrue();

        disk.CutPower();
        Should.Throw<IOException>(() => File.WriteAllText(Path.Combine(disk.Path, "too late"), "x"));
        await disk.RestorePowerAsync();

        File.ReadAllText(flushed).ShouldBe("before");
        File.Exists(unflushed).ShouldBeFalse("the negative control must lose its file, or the rig proves nothing");
    }

    [Fact]
    public async Task A_disk_survives_one_power_cut_after_another()
    {
        await using var disk = await PowerLossDisk.CreateAsync(64);

        for (var round = 0; round < 3; round++)
        {
            await WriteAsync(Path.Combine(disk.Path, $"flushed {round}"), "x", flush: true);
            await WriteAsync(Path.Combine(disk.Path, $"unflushed {round}"), "x", flush: false);
            disk.CutPower();
            await disk.RestorePowerAsync();
        }

        Directory.GetFiles(disk.Path).Select(Path.GetFileName).Order().ShouldBe(["flushed 0", "flushed 1", "flushed 2"]);
    }

    [Fact]
    public async Task A_full_disk_takes_not_one_block_more_until_space_is_freed()
    {
        await using var disk = await FullDisk.CreateAsync();
        var file = Path.Combine(disk.Path, "file");

        disk.Fill();
        await Should.ThrowAsync<IOException>(() => WriteAsync(file, "x", flush: true));
        disk.Free();

        await WriteAsync(file, "x", flush: true);
        File.ReadAllText(file).ShouldBe("x");
    }

    private static async Task WriteAsync(string path, string text, bool flush)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Flush(flush);
    }
}
