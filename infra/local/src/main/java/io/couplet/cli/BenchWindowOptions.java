package io.couplet.cli;

import picocli.CommandLine.Option;

/** Which updates of a run a benchmark measures. */
final class BenchWindowOptions {
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

  long updates() {
    return updates;
  }

  long warmUp() {
    return warmUp;
  }

  /** Refuses what cannot be measured, before anything is started. */
  void check() {
    if (updates < 1 || warmUp < 1) {
      throw new BadInputException("--updates and --warm-up must be at least 1");
    }
  }
}
