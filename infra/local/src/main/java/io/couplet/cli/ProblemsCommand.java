package io.couplet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code couplet problems}: makes, converts and sends problems. */
@Command(
    name = "problems",
    mixinStandardHelpOptions = true,
    subcommands = {
      ProblemsGenerateCommand.class,
      ProblemsImportCommand.class,
      ProblemsSendCommand.class
    },
    description = "Makes, converts and sends problems.")
final class ProblemsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Say what to do: " + String.join(", ", spec.subcommands().keySet()) + ".");
  }
}
