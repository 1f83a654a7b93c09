package io.couplet.cli;

import io.couplet.local.rundir.RunDirectory;
import picocli.CommandLine.Option;

/** Which run a command is about. */
final class RunOption {
  @Option(
      names = {"--name", "--run"},
      paramLabel = "R",
      description = "Name of the run (default: ${DEFAULT-VALUE}).",
      defaultValue = "default")
  private String name;

  RunDirectory directory() {
    return RunDirectory.of(name);
  }
}
