package io.couplet.ledger;

import io.couplet.ledger.LedgerHistory.Point;
import io.couplet.schemas.LedgerEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where two runs part, step by step of their histories: a run and its fork are the same up to the
 * fork.
 *
 * @param commonSteps steps whose weights are the same in both, before they part
 * @param parting the first step whose weights differ; empty when the shorter history is a beginning
 *     of the longer one
 * @param reasons what differs at the parting step, in words; never empty when they part
 * @param steps every step that both have
 */
public record LedgerDiff(
    long commonSteps, Optional<Long> parting, List<String> reasons, List<StepDiff> steps) {
  public LedgerDiff {
    reasons = List.copyOf(reasons);
    steps = List.copyOf(steps);
  }

  /**
   * Both sides of a step.
   *
   * @param step of the histories
   */
  public record StepDiff(long step, Point left, Point right) {
    public boolean sameWeights() {
      return left.entry().getWeightsSha256().equals(right.entry().getWeightsSha256());
    }
  }

  public static LedgerDiff of(LedgerHistory left, LedgerHistory right) {
    long common = 0;
    Optional<Long> parting = Optional.empty();
    List<String> reasons = List.of();
    List<StepDiff> steps = new ArrayList<>();
    for (Map.Entry<Long, Point> point : left.points().entrySet()) {
      Point other = right.points().get(point.getKey());
      if (other == null) {
        continue;
      }
      StepDiff step = new StepDiff(point.getKey(), point.getValue(), other);
      steps.add(step);
      if (parting.isEmpty() && step.sameWeights()) {
        common++;
      } else if (parting.isEmpty()) {
        parting = Optional.of(step.step());
        reasons = reasons(step.left().entry(), step.right().entry());
      }
    }
    return new LedgerDiff(common, parting, reasons, steps);
  }

  /** What can make two updates differ, as far as the ledger tells. */
  public static List<String> reasons(LedgerEntry a, LedgerEntry b) {
    List<String> reasons = new ArrayList<>();
    if (a.getSeed() != b.getSeed()) {
      reasons.add("seeds " + a.getSeed() + " and " + b.getSeed());
    }
    if (!groups(a).equals(groups(b))) {
      reasons.add("other groups or another order of groups");
    }
    if (a.getOutcome() != b.getOutcome()) {
      reasons.add("outcomes " + a.getOutcome() + " and " + b.getOutcome());
    }
    if (a.getLearningRate() != b.getLearningRate()) {
      reasons.add("learning rates " + a.getLearningRate() + " and " + b.getLearningRate());
    }
    reasons.addAll(environmentDifferences(a.getEnvironment(), b.getEnvironment()));
    if (reasons.isEmpty()) {
      reasons.add(
          a.getStep() == 0 || b.getStep() == 0
              ? "other initial policies"
              : "nothing that the ledger tells; the rollouts of these groups, or what came before,"
                  + " are others");
    }
    return reasons;
  }

  private static List<String> groups(LedgerEntry entry) {
    return entry.getGroups().stream().map(group -> group.getGroup()).toList();
  }

  /** Differences of what bit-exact computation depends on, in words. */
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

  /** The numbers of an update that runs are compared by, in the order in which they are shown. */
  public static Map<String, Double> metrics(LedgerEntry entry) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("reward_mean", entry.getRewardMean());
    values.put("zero_variance_share", entry.getZeroVarianceShare());
    values.put("loss", entry.getLoss());
    values.put("kl", entry.getKl());
    values.put("gradient_norm", entry.getGradientNorm());
    values.put("learning_rate", entry.getLearningRate());
    values.put("staleness_p50", entry.getStalenessP50());
    return values;
  }
}
