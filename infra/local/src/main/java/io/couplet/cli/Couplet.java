package io.couplet.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the {@code couplet} command line. */
@Command(
    name = "couplet",
    description =
        "Trains masked-diffusion code models by reinforcement learning, continuously, on streams.",
    mixinStandardHelpOptions = true,
    version = "couplet 0.1.0",
    subcommands = {BenchCommand.class, DoctorCommand.class, CommandLine.HelpCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Couplet {
  private Couplet() {}

  /** Runs one command and exits: 0 done, 1 the work failed, 2 bad input, 130 interrupted. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Couplet());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new PlainErrors());
    line.setExitCodeExceptionMapper(PlainErrors::exitCode);
    return line;
  }
}
