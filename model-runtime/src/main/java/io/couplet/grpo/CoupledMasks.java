package io.couplet.grpo;

import io.couplet.random.RandomStream;

/**
 * The random masks of token scores. A mask ratio tau ~ U(low, high) and uniforms R_k give the mask
 * M_k = [R_k &lt; tau] over the completion; its complement is NOT M, so that the two cover every
 * token exactly once, ties included. Both come from the stream (run seed, "masks", group, member,
 * inner iteration, pair): the same for behaviour, reference and current policy, and different for
 * every sequence.
 *
 * @param ratio tau, the probability with which each token was masked
 * @param masked [L] over the completion; prompt tokens are never masked
 */
public record CoupledMasks(double ratio, boolean[] masked) {
  private static final String PURPOSE = "masks";

  /** Mask M of a pair. */
  public static CoupledMasks draw(
      long runSeed,
      String group,
      int member,
      int innerIteration,
      int pair,
      int length,
      ScoringSettings settings) {
    return draw(
        RandomStream.named(runSeed, PURPOSE, group, member, innerIteration, pair),
        length,
        settings);
  }

  /** The second, independent mask of a pair, for the decoupled estimator only. */
  static CoupledMasks drawIndependent(
      long runSeed,
      String group,
      int member,
      int innerIteration,
      int pair,
      int length,
      ScoringSettings settings) {
    return draw(
        RandomStream.named(runSeed, PURPOSE, group, member, innerIteration, pair, "independent"),
        length,
        settings);
  }

  private static CoupledMasks draw(RandomStream stream, int length, ScoringSettings settings) {
    double low = settings.maskRatioLow();
    double ratio = low + (settings.maskRatioHigh() - low) * stream.nextDouble();
    boolean[] masked = new boolean[length];
    for (int k = 0; k < length; k++) {
      masked[k] = stream.nextDouble() < ratio;
    }
    return new CoupledMasks(ratio, masked);
  }

  /** The mask NOT M, whose tokens were masked with probability 1 - tau. */
  public CoupledMasks complement() {
    boolean[] rest = new boolean[masked.length];
    for (int k = 0; k < rest.length; k++) {
      rest[k] = !masked[k];
    }
    return new CoupledMasks(1 - ratio, rest);
  }
}
