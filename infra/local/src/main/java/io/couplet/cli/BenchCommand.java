package io.couplet.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements side by side with a named baseline, in the same process or run. */
@Command(
    name = "bench",
    description = "Measures a part side by side with the named baseline; table and --json.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchModelCommand.class,
      BenchSandboxCommand.class,
      BenchStreamsCommand.class,
      BenchOverlapCommand.class,
      BenchFailuresCommand.class,
      HelpCommand.class
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "bench needs to know what to measure: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
