package io.couplet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.learner.TapeGapException;
import io.couplet.ledger.LedgerException;
import io.couplet.local.run.RecordedRun;
import io.couplet.local.run.ReplayAsJob;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import io.couplet.replay.ReplayReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
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
        "Recomputes updates of a run from its tape and compares the hashes of weights, policy and"
            + " trainer state after each with the ledger, and every number that follows from them."
            + " Exits with 1 and names the first divergence and its cause when they differ.")
final class ReplayCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Name of the run.")
  private String run;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "First step to compare (default: ${DEFAULT-VALUE}). The computation starts at the latest"
              + " step before it whose trainer state is retained.")
  private long from;

  @Option(names = "--to", paramLabel = "N", description = "Last step to compare (default: last).")
  private Optional<Long> to = Optional.empty();

  @Option(
      names = "--as-job",
      description = "Run it as a Flink job in a mini cluster, as a cluster would, with its web UI.")
  private boolean asJob;

  @Option(names = "--json", description = "The report as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    try (RunConnection connection = RunConnection.open(RunDirectory.of(run))) {
      return asJob ? asJob(connection) : inThisProcess(connection);
    } catch (LedgerException e) {
      throw new BadInputException(e.getMessage(), e);
    } catch (TapeGapException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private int inThisProcess(RunConnection connection) throws IOException {
    try (RecordedRun recorded = new RecordedRun(connection, progress())) {
      long last = to.orElse(recorded.ledger().lastStep());
      ReplayReport report = recorded.replay().compare(from, last);
      print(json ? report.json().toString() : report.sentence());
      return report.verified() ? 0 : PlainErrors.FAILED;
    }
  }

  private int asJob(RunConnection connection) throws Exception {
    JsonNode report =
        ReplayAsJob.run(
            connection, from, to, web -> spec.commandLine().getErr().println("web UI " + web));
    print(json ? report.toString() : report.path("sentence").asText());
    return report.path("verified").asBoolean() ? 0 : PlainErrors.FAILED;
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** A long replay shows on a terminal that it moves. */
  private LongConsumer progress() {
    if (!Terminal.isInteractive() || json) {
      return step -> {};
    }
    PrintWriter err = spec.commandLine().getErr();
    return step -> {
      err.print("\rstep " + step + " is equal ");
      err.flush();
    };
  }
}
