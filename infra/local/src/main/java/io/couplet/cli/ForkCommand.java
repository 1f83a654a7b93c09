package io.couplet.cli;

import io.couplet.ledger.LedgerException;
import io.couplet.local.run.Fork;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code couplet fork}: a new run from any update of another. */
@Command(
    name = "fork",
    mixinStandardHelpOptions = true,
    description =
        "Makes a new run that starts with the weights and the optimizer of any update of another."
            + " The update is recomputed and its hash compared first.")
final class ForkCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Name of the parent run.")
  private String parent;

  @Option(
      names = "--at",
      required = true,
      paramLabel = "STEP",
      description = "Update to start from.")
  private long step;

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NEW",
      description = "Name of the new run.")
  private String name;

  @Option(
      names = "--set",
      paramLabel = "a.b=c",
      description = "Configuration keys of the new run, over its parent's; may be repeated.")
  private List<String> settings = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    RunDirectory child = RunDirectory.of(name);
    if (child.exists()) {
      throw new BadInputException("There is a run '" + name + "' already; choose another --name.");
    }
    try (RunConnection connection = RunConnection.open(RunDirectory.of(parent))) {
      Fork.make(connection, step, child, settings);
    } catch (LedgerException e) {
      throw new BadInputException(e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "Made run '%s' from update %d of '%s'. Start it with ./couplet run --name %s%n",
            name, step, parent, name);
    return 0;
  }
}
