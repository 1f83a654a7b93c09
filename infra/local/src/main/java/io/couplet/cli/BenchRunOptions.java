package io.couplet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What benchmarks of whole runs have in common. */
final class BenchRunOptions {
  @Option(
      names = "--updates",
      defaultValue = "20",
      description = "Updates measured in each run. Default: ${DEFAULT-VALUE}.")
  private long updates;

  @Option(
      names = "--warm-up",
      defaultValue = "5",
      description = "Updates of each run before those. Default: ${DEFAULT-VALUE}.")
  private long warmUp;

  @Option(
      names = "--set",
      paramLabel = "a.b=c",
      description = "One configuration key of the runs; may be repeated.")
  private List<String> settings = List.of();

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  long updates() {
    return updates;
  }

  long warmUp() {
    return warmUp;
  }

  List<String> settings() {
    return settings;
  }

  boolean json() {
    return json;
  }

  /** A directory for the runs; the log of this process, which starts now, is in it. */
  Path open() throws IOException {
    if (updates < 1 || warmUp < 1) {
      throw new BadInputException("--updates and --warm-up must be at least 1");
    }
    return workingDirectory();
  }

  /** A new directory; the log of this process, which starts now, is in it. */
  static Path workingDirectory() throws IOException {
    Path directory = Files.createTempDirectory("couplet-bench");
    LogFile.use(directory.resolve("bench.log"));
    return directory;
  }
}
