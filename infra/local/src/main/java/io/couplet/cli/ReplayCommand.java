package io.couplet.cli;

import io.couplet.learner.TapeGapException;
import io.couplet.ledger.LedgerException;
import io.couplet.local.run.RecordedRun;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import io.couplet.replay.ReplayReport;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code couplet replay}: recompute updates from the tape and compare hashes. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Recomputes updates of a run from its tape and compares the hash of the weights after each"
            + " with the ledger. Exits with 1 and names the first divergence when they differ.")
final class ReplayCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Name of the run.")
  private String run;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      description = "First step to compare (default: ${DEFAULT-VALUE}).")
  private long from;

  @Option(names = "--to", paramLabel = "N", description = "Last step to compare (default: last).")
  private Optional<Long> to = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    try (RunConnection connection = RunConnection.open(RunDirectory.of(run));
        RecordedRun recorded = new RecordedRun(connection)) {
      long last = to.orElse(recorded.ledger().lastStep());
      ReplayReport report = recorded.replay().compare(from, last);
      spec.commandLine().getOut().println(sentence(report));
      return report.verified() ? 0 : PlainErrors.FAILED;
    } catch (LedgerException e) {
      throw new BadInputException(e.getMessage(), e);
    } catch (TapeGapException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String sentence(ReplayReport report) {
    if (report.divergence().isPresent()) {
      return report.divergence().get().sentence();
    }
    String steps =
        String.format(
            Locale.ROOT,
            "%d of %d steps (%d to %d), %d updates computed from step %d in %.1f s%s",
            report.compared(),
            report.to() - report.from() + 1,
            report.from(),
            report.to(),
            report.updates(),
            report.base(),
            report.seconds(),
            report.liveSeconds() > 0
                ? String.format(Locale.ROOT, ", %.1f times the speed of the run", report.speed())
                : "");
    return (report.verified() ? "verified: " : "NOT verified: ") + steps;
  }
}
