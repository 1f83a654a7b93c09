package io.couplet.cli;

import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerDiff;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.inspect.AvroJson;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.Topic;
import io.couplet.schemas.UpdateOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Option(names = "--step", paramLabel = "N", description = "Only this update, in full.")
  private Optional<Long> step = Optional.empty();

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
      printDifference(out, ledgerOf(diff.get(0)), ledgerOf(diff.get(1)));
      return 0;
    }
    Map<Long, LedgerEntry> entries = new TreeMap<>();
    try (RunConnection connection = RunConnection.open(run.directory())) {
      // At-least-once: an update that was announced twice is one update.
      TopicReader.all(connection.kafka(), connection.topics(), Topic.LEDGER)
          .forEach(entry -> entries.putIfAbsent(entry.getStep(), entry));
    }
    if (step.isPresent()) {
      printOne(out, entry(entries, step.get()));
    } else {
      printAll(out, entries.values());
    }
    out.flush();
    return 0;
  }

  private static Ledger ledgerOf(String name) throws IOException, InterruptedException {
    try (RunConnection connection = RunConnection.open(RunDirectory.of(name))) {
      return LedgerReader.read(connection.kafka(), connection.topics());
    }
  }

  private LedgerEntry entry(Map<Long, LedgerEntry> entries, long wanted) {
    LedgerEntry found = entries.get(wanted);
    if (found == null) {
      throw new BadInputException(
          "The ledger of '"
              + run.directory().name()
              + "' has no step "
              + wanted
              + (entries.isEmpty()
                  ? "; it is empty."
                  : "; it holds steps 0 to "
                      + entries.keySet().stream().reduce((a, b) -> b).orElse(0L)
                      + "."));
    }
    return found;
  }

  private void printAll(PrintWriter out, Iterable<LedgerEntry> entries) {
    if (!json) {
      out.printf(
          "%6s %8s %-20s %7s %7s %9s %9s  %-12s%n",
          "step", "version", "outcome", "groups", "reward", "loss", "gradient", "weights");
    }
    for (LedgerEntry entry : entries) {
      if (json) {
        out.println(AvroJson.of(entry));
      } else {
        out.printf(
            "%6d %8d %-20s %7d %7.3f %9.4f %9.3f  %-12.12s%n",
            entry.getStep(),
            entry.getVersionOut(),
            entry.getOutcome(),
            entry.getGroups().size(),
            entry.getRewardMean(),
            entry.getLoss(),
            entry.getGradientNorm(),
            entry.getWeightsSha256());
      }
    }
  }

  private void printOne(PrintWriter out, LedgerEntry entry) {
    if (json) {
      out.println(AvroJson.of(entry));
      return;
    }
    flat(entry).forEach((key, value) -> out.printf("%-22s %s%n", key, value));
  }

  private void printDifference(PrintWriter out, Ledger left, Ledger right) {
    LedgerDiff difference = LedgerDiff.of(left, right);
    out.println(
        difference
            .parting()
            .map(
                at ->
                    "The runs part at step "
                        + at
                        + ": "
                        + String.join("; ", difference.reasons())
                        + ".")
            .orElse(
                "The weights of the "
                    + difference.commonSteps()
                    + " steps that both runs have are the same."));
    for (LedgerDiff.StepMetrics metrics : difference.metrics()) {
      String values =
          new TreeMap<>(metrics.values())
              .entrySet().stream()
                  .map(
                      value ->
                          String.format(
                              Locale.ROOT,
                              "%s %.4f %.4f",
                              value.getKey(),
                              value.getValue()[0],
                              value.getValue()[1]))
                  .collect(Collectors.joining("  "));
      out.printf(
          "%6d %s  %s%n", metrics.step(), metrics.sameWeights() ? "same   " : "differs", values);
    }
    out.flush();
  }

  private static Map<String, String> flat(LedgerEntry entry) {
    Map<String, String> values = new TreeMap<>();
    AvroJson.of(entry)
        .properties()
        .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
    values.put(
        "groups",
        entry.getGroups().stream().map(LedgerGroup::getGroup).collect(Collectors.joining(" ")));
    values.put(
        "drops",
        entry.getDrops().stream()
            .map(drop -> drop.getGroup() + " (" + drop.getReason() + ")")
            .collect(Collectors.joining(" ")));
    values.put("seconds", new TreeMap<>(entry.getSeconds()).toString());
    values.put("environment", new TreeMap<>(entry.getEnvironment()).toString());
    if (entry.getOutcome() == UpdateOutcome.INITIAL) {
      values.put("groups", "(the initial policy)");
    }
    return values;
  }
}
