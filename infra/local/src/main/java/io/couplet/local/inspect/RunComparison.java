package io.couplet.local.inspect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.config.ConfigChange;
import io.couplet.config.ConfigYaml;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerDiff;
import io.couplet.ledger.LedgerDiff.StepDiff;
import io.couplet.ledger.LedgerHistory;
import io.couplet.ledger.LedgerHistory.Point;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Two runs side by side: where their histories part, what explains it, and their metrics.
 *
 * @param configuration keys that differ, but for those that every fork changes
 * @param steps the steps to show
 */
public record RunComparison(
    String left,
    String right,
    LedgerDiff difference,
    List<ConfigChange> configuration,
    List<StepDiff> steps) {
  /** Where and what a run is, which differs between any two. */
  private static final Set<String> IDENTITY =
      Set.of("name", "parent", "policy.initial", "policy.trainer_state", "policy.store");

  /** The metrics that a table has room for. */
  private static final List<String> SHOWN =
      List.of("reward_mean", "zero_variance_share", "loss", "kl", "gradient_norm");

  public RunComparison {
    configuration = List.copyOf(configuration);
    steps = List.copyOf(steps);
  }

  /**
   * Reads the ledgers of both runs and of the ancestors that are here.
   *
   * @param from first step of the histories to show
   * @param to last step of the histories to show
   */
  public static RunComparison of(
      RunDirectory left, RunDirectory right, Optional<Long> from, Optional<Long> to)
      throws IOException {
    Ledgers ledgers = new Ledgers();
    LedgerDiff difference =
        LedgerDiff.of(
            LedgerHistory.of(ledgers.required(left), ledgers::find),
            LedgerHistory.of(ledgers.required(right), ledgers::find));
    List<ConfigChange> changes =
        ConfigChange.between(ConfigYaml.read(left.config()), ConfigYaml.read(right.config()))
            .stream()
            .filter(change -> !IDENTITY.contains(change.key()))
            .toList();
    List<StepDiff> shown =
        difference.steps().stream()
            .filter(step -> step.step() >= from.orElse(0L))
            .filter(step -> step.step() <= to.orElse(Long.MAX_VALUE))
            .toList();
    return new RunComparison(left.name(), right.name(), difference, changes, shown);
  }

  /** Each ledger is read once, for that can mean to start a broker. */
  private static final class Ledgers {
    private final Map<String, Ledger> read = new HashMap<>();

    Ledger required(RunDirectory directory) throws IOException {
      Ledger known = read.get(directory.name());
      if (known != null) {
        return known;
      }
      try (RunConnection connection = RunConnection.open(directory)) {
        Ledger ledger = LedgerReader.read(connection.kafka(), connection.topics());
        read.put(directory.name(), ledger);
        return ledger;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(
            "Reading the ledger of '" + directory.name() + "' was interrupted", e);
      }
    }

    Optional<Ledger> find(String name) {
      RunDirectory directory = RunDirectory.of(name);
      try {
        return directory.exists() ? Optional.of(required(directory)) : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** For people: a sentence on the parting, the configuration, the means after it, a table. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(parting());
    if (!configuration.isEmpty()) {
      lines.add(
          "configuration: "
              + configuration.stream()
                  .map(c -> c.key() + " " + c.left() + " and " + c.right())
                  .collect(Collectors.joining(", ")));
    }
    means().ifPresent(lines::add);
    lines.add("");
    lines.add(
        "%6s %-7s ".formatted("step", "weights")
            + SHOWN.stream().map("%21s"::formatted).collect(Collectors.joining()));
    for (StepDiff step : steps) {
      lines.add(row(step));
    }
    return lines;
  }

  private String parting() {
    if (difference.steps().isEmpty()) {
      return "'" + left + "' and '" + right + "' have no step in common.";
    }
    if (difference.parting().isEmpty()) {
      return "The weights of the "
          + difference.commonSteps()
          + " steps that '"
          + left
          + "' and '"
          + right
          + "' both have are the same.";
    }
    long at = difference.parting().get();
    StepDiff step =
        difference.steps().stream().filter(s -> s.step() == at).findFirst().orElseThrow();
    return "'"
        + left
        + "' and '"
        + right
        + "' "
        + (difference.commonSteps() == 0
            ? "have nothing in common: they part at step " + at
            : "are the same up to step " + (at - 1) + " and part at step " + at)
        + " ("
        + step.left().name()
        + " and "
        + step.right().name()
        + "): "
        + String.join("; ", difference.reasons())
        + ".";
  }

  private List<StepDiff> after() {
    return difference
        .parting()
        .map(at -> steps.stream().filter(step -> step.step() >= at).toList())
        .orElse(List.of());
  }

  private Optional<String> means() {
    List<StepDiff> after = after();
    return after.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "means over the "
                + after.size()
                + " steps after that: "
                + SHOWN.stream()
                    .map(
                        metric ->
                            String.format(
                                Locale.ROOT,
                                "%s %.4f and %.4f",
                                metric,
                                mean(after, metric, true),
                                mean(after, metric, false)))
                    .collect(Collectors.joining(", ")));
  }

  private static double mean(List<StepDiff> steps, String metric, boolean leftSide) {
    return steps.stream()
        .map(step -> leftSide ? step.left() : step.right())
        .mapToDouble(point -> LedgerDiff.metrics(point.entry()).get(metric))
        .average()
        .orElse(Double.NaN);
  }

  private static String row(StepDiff step) {
    Map<String, Double> a = LedgerDiff.metrics(step.left().entry());
    Map<String, Double> b = LedgerDiff.metrics(step.right().entry());
    return "%6d %-7s ".formatted(step.step(), step.sameWeights() ? "same" : "differ")
        + SHOWN.stream()
            .map(metric -> String.format(Locale.ROOT, "%11.4f%10.4f", a.get(metric), b.get(metric)))
            .collect(Collectors.joining());
  }

  /** For programs. */
  public ObjectNode json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.put("left", left);
    node.put("right", right);
    node.put("common_steps", difference.commonSteps());
    difference.parting().ifPresent(at -> node.put("parting_step", at));
    node.set("reasons", mapper.valueToTree(difference.reasons()));
    node.set("configuration", mapper.valueToTree(configuration));
    ArrayNode all = node.putArray("steps");
    for (StepDiff step : steps) {
      ObjectNode one = all.addObject();
      one.put("step", step.step());
      one.put("same_weights", step.sameWeights());
      one.set("left", side(mapper, step.left()));
      one.set("right", side(mapper, step.right()));
    }
    return node;
  }

  private static ObjectNode side(ObjectMapper mapper, Point point) {
    ObjectNode node = mapper.createObjectNode();
    node.put("run", point.run());
    node.put("step", point.entry().getStep());
    node.put("weights_sha256", point.entry().getWeightsSha256());
    node.set("metrics", mapper.valueToTree(LedgerDiff.metrics(point.entry())));
    return node;
  }
}
