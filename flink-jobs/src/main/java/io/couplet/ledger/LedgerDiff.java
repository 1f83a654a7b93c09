package io.couplet.ledger;

import io.couplet.schemas.LedgerEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where two runs part, step by step.
 *
 * @param commonSteps steps from 0 on whose weights are the same in both
 * @param parting the first step whose weights differ; empty when the shorter run is a beginning of
 *     the longer one
 * @param reasons what differs at the parting step, in sentences
 * @param metrics of every step that both have: reward mean, loss, KL and others, left and right
 */
public record LedgerDiff(
    long commonSteps, Optional<Long> parting, List<String> reasons, List<StepMetrics> metrics) {

  /** A metric's name to its values on the left and on the right. */
  public record StepMetrics(long step, boolean sameWeights, Map<String, double[]> values) {}

  public static LedgerDiff of(Ledger left, Ledger right) {
    long common = 0;
    Optional<Long> parting = Optional.empty();
    List<String> reasons = List.of();
    List<StepMetrics> metrics = new ArrayList<>();
    for (Map.Entry<Long, LedgerEntry> step : left.steps().entrySet()) {
      LedgerEntry a = step.getValue();
      LedgerEntry b = right.steps().get(step.getKey());
      if (b == null) {
        continue;
      }
      boolean same = a.getWeightsSha256().equals(b.getWeightsSha256());
      if (same && parting.isEmpty()) {
        common++;
      } else if (!same && parting.isEmpty()) {
        parting = Optional.of(step.getKey());
        reasons = reasons(a, b);
      }
      metrics.add(new StepMetrics(step.getKey(), same, values(a, b)));
    }
    return new LedgerDiff(common, parting, reasons, List.copyOf(metrics));
  }

  /** What can make two updates differ, as far as the ledger tells. */
  public static List<String> reasons(LedgerEntry a, LedgerEntry b) {
    List<String> reasons = new ArrayList<>();
    if (a.getSeed() != b.getSeed()) {
      reasons.add("seeds " + a.getSeed() + " and " + b.getSeed());
    }
    if (!a.getGroups().stream()
        .map(group -> group.getGroup())
        .toList()
        .equals(b.getGroups().stream().map(group -> group.getGroup()).toList())) {
      reasons.add("other groups or another order of groups");
    }
    if (a.getOutcome() != b.getOutcome()) {
      reasons.add("outcomes " + a.getOutcome() + " and " + b.getOutcome());
    }
    if (a.getLearningRate() != b.getLearningRate()) {
      reasons.add("learning rates " + a.getLearningRate() + " and " + b.getLearningRate());
    }
    reasons.addAll(environmentDifferences(a.getEnvironment(), b.getEnvironment()));
    return reasons;
  }

  /** Differences of what bit-exact computation depends on, in sentences. */
  public static List<String> environmentDifferences(
      Map<String, String> recorded, Map<String, String> found) {
    List<String> differences = new ArrayList<>();
    Map<String, String> all = new TreeMap<>(recorded);
    found.forEach(all::putIfAbsent);
    for (String key : all.keySet()) {
      String left = recorded.getOrDefault(key, "(none)");
      String right = found.getOrDefault(key, "(none)");
      if (!left.equals(right)) {
        differences.add(key + " " + left + " and " + right);
      }
    }
    return differences;
  }

  private static Map<String, double[]> values(LedgerEntry a, LedgerEntry b) {
    Map<String, double[]> values = new LinkedHashMap<>();
    values.put("reward_mean", new double[] {a.getRewardMean(), b.getRewardMean()});
    values.put("loss", new double[] {a.getLoss(), b.getLoss()});
    values.put("kl", new double[] {a.getKl(), b.getKl()});
    values.put("gradient_norm", new double[] {a.getGradientNorm(), b.getGradientNorm()});
    values.put("staleness_p50", new double[] {a.getStalenessP50(), b.getStalenessP50()});
    values.put(
        "zero_variance_share", new double[] {a.getZeroVarianceShare(), b.getZeroVarianceShare()});
    return values;
  }
}
