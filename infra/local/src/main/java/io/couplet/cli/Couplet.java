package io.couplet.cli;

import io.couplet.store.FileSystemPlugins;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Entry point of the {@code couplet} command line. */
@Command(
    name = "couplet",
    description =
        "Trains masked-diffusion code models by reinforcement learning, continuously, on streams.",
    mixinStandardHelpOptions = true,
    version = "couplet 0.1.0",
    subcommands = {
      RunCommand.class,
      StatusCommand.class,
      InspectCommand.class,
      LedgerCommand.class,
      ReplayCommand.class,
      ForkCommand.class,
      ProblemsCommand.class,
      TopicsCommand.class,
      RewardsCommand.class,
      DeadLettersCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      PretrainCommand.class,
      GradeCommand.class,
      GenerateCommand.class,
      EvalCommand.class,
      WorkerCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Couplet {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Add the stack trace to an error.")
  private boolean verbose;

  private Couplet() {}

  boolean isVerbose() {
    return verbose;
  }

  /** Runs one command and exits: 0 done, 1 the work failed, 2 bad input, 130 interrupted. */
  public static void main(String[] args) {
    FileSystemPlugins.install();
    System.exit(commandLine().execute(args));
  }

  /** All commands and their options, to run or to parse. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Couplet());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new PlainErrors());
    line.setParameterExceptionHandler(new PlainErrors());
    line.setExitCodeExceptionMapper(PlainErrors::exitCode);
    return line;
  }
}
