package io.couplet.grpo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One forward pass of a token score: which completion tokens are masked, and with which factor the
 * log-probabilities of the masked tokens enter the score. s_k = sum over passes that mask k of
 * share * log p_k (algorithms, section 4.1); the share holds 1/tau or 1/(1 - tau) and the divisor
 * of the normalization.
 *
 * @param masked [L]
 * @param share above 0
 */
public record ScorePass(boolean[] masked, double share) {

  /** The passes of one sequence in one inner iteration; passes that mask nothing are left out. */
  public static List<ScorePass> of(
      ScoringSettings settings,
      long runSeed,
      String group,
      int member,
      int innerIteration,
      int length) {
    boolean[] everything = new boolean[length];
    Arrays.fill(everything, true);
    if (settings.estimator() == Estimator.FULL_MASK) {
      return List.of(new ScorePass(everything, 1));
    }
    double divisor = divisor(settings);
    List<ScorePass> passes = new ArrayList<>();
    if (settings.normalization() != Normalization.PAIR_MEAN) {
      passes.add(new ScorePass(everything, 1 / divisor));
    }
    for (int pair = 0; pair < settings.pairs(); pair++) {
      CoupledMasks first =
          CoupledMasks.draw(runSeed, group, member, innerIteration, pair, length, settings);
      CoupledMasks second =
          settings.estimator() == Estimator.COUPLED
              ? first.complement()
              : CoupledMasks.drawIndependent(
                  runSeed, group, member, innerIteration, pair, length, settings);
      add(passes, first, divisor);
      add(passes, second, divisor);
    }
    return passes;
  }

  private static void add(List<ScorePass> passes, CoupledMasks mask, double divisor) {
    for (boolean masked : mask.masked()) {
      if (masked) {
        passes.add(new ScorePass(mask.masked(), 1 / (mask.ratio() * divisor)));
        return;
      }
    }
  }

  private static double divisor(ScoringSettings settings) {
    int pairs = settings.pairs();
    return switch (settings.normalization()) {
      case RELEASED -> pairs + 1;
      case MEAN -> 2 * pairs + 1;
      case PAIR_MEAN -> 2 * pairs;
    };
  }
}
