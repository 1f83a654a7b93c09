package io.couplet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What all benchmarks of whole runs have in common. */
final class BenchRunOptions {
  @Option(
      names = "--set",
      paramLabel = "a.b=c",
      description = "One configuration key of the runs; may be repeated.")
  private List<String> settings = List.of();

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  List<String> settings() {
    return settings;
  }

  boolean json() {
    return json;
  }

  /** A new directory for the runs; the log of this process, which starts now, is in it. */
  Path directory() throws IOException {
    Path directory = Files.createTempDirectory("couplet-bench");
    LogFile.use(directory.resolve("bench.log"));
    return directory;
  }
}
