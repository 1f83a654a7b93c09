package io.couplet.cli;

import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerFilter;
import io.couplet.ledger.LedgerReader;
import io.couplet.ledger.LedgerSummary;
import io.couplet.local.inspect.AvroJson;
import io.couplet.local.inspect.LedgerReport;
import io.couplet.local.inspect.RunComparison;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet ledger}: the updates of a run. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    description =
        "Lists the updates of a run or shows one: what it was computed from, and the hash of the"
            + " weights after it. Or compares two runs.")
final class LedgerCommand implements Callable<Integer> {
  @Mixin private RunOption run;

  @Option(
      names = "--json",
      description = "One JSON object a line, with every field: also the way to export.")
  private boolean json;

  @Option(names = "--step", paramLabel = "N", description = "Only this update, in full.")
  private Optional<Long> step = Optional.empty();

  @Option(names = "--from", paramLabel = "N", description = "Only updates from this one on.")
  private Optional<Long> from = Optional.empty();

  @Option(names = "--to", paramLabel = "N", description = "Only updates up to this one.")
  private Optional<Long> to = Optional.empty();

  @Option(
      names = "--outcome",
      paramLabel = "O",
      description = "Only updates with this outcome: ${COMPLETION-CANDIDATES}.")
  private Optional<UpdateOutcome> outcome = Optional.empty();

  @Option(
      names = "--group",
      paramLabel = "G",
      description = "Only updates that used this group or left it out.")
  private Optional<String> group = Optional.empty();

  @Option(
      names = "--dropped",
      paramLabel = "REASON",
      description =
          "Only updates that left a group out for this reason: ZERO_VARIANCE, STALE, DUPLICATE,"
              + " INVALID, DROPPED or the beginning of one.")
  private Optional<String> dropped = Optional.empty();

  @Option(
      names = "--summary",
      description = "In numbers: groups used and left out, seconds by stage, cost of the ledger.")
  private boolean summary;

  @Option(
      names = "--diff",
      arity = "2",
      paramLabel = "RUN",
      description = "Two runs: where they part, why, and how their metrics differ.")
  private List<String> diff = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (!diff.isEmpty()) {
      RunComparison comparison =
          RunComparison.of(RunDirectory.of(diff.get(0)), RunDirectory.of(diff.get(1)), from, to);
      out.println(
          json ? comparison.json() : String.join(System.lineSeparator(), comparison.lines()));
    } else {
      print(out, ledger());
    }
    out.flush();
    return 0;
  }

  private Ledger ledger() throws IOException, InterruptedException {
    try (RunConnection connection = RunConnection.open(run.directory())) {
      return LedgerReader.read(connection.kafka(), connection.topics());
    }
  }

  private void print(PrintWriter out, Ledger ledger) {
    if (step.isPresent()) {
      LedgerEntry entry = entry(ledger, step.get());
      out.println(
          json
              ? AvroJson.of(entry)
              : String.join(System.lineSeparator(), LedgerReport.inFull(entry)));
      return;
    }
    List<LedgerEntry> entries = new LedgerFilter(from, to, outcome, group, dropped).of(ledger);
    if (summary) {
      LedgerSummary numbers = LedgerSummary.of(entries);
      out.println(
          json
              ? LedgerReport.json(numbers)
              : String.join(System.lineSeparator(), LedgerReport.lines(numbers)));
    } else if (json) {
      entries.forEach(entry -> out.println(AvroJson.of(entry)));
    } else {
      LedgerReport.table(entries).forEach(out::println);
    }
  }

  private LedgerEntry entry(Ledger ledger, long wanted) {
    return ledger
        .find(wanted)
        .orElseThrow(
            () ->
                new BadInputException(
                    "The ledger of '"
                        + run.directory().name()
                        + "' has no step "
                        + wanted
                        + (ledger.lastStep() < 0
                            ? "; it is empty."
                            : "; it holds steps 0 to " + ledger.lastStep() + ".")));
  }
}
