package io.couplet.decoding;

import java.util.Arrays;

/** Which of the candidates of one row a step commits, for the algorithms that rank them. */
final class CommitRule {
  private CommitRule() {}

  /**
   * Indices of the {@code count} candidates to commit, ascending. Without {@code algTemp} the most
   * confident ones, ties to the lowest position; otherwise drawn without replacement from
   * softmax(confidence / algTemp), by the Gumbel-top-k identity.
   *
   * @param confidences [n] of the masked positions in ascending order
   * @param positions [n] those positions, 0 .. L - 1
   */
  static int[] choose(
      float[] confidences, int[] positions, int count, float algTemp, SampleNoise noise, int step) {
    double[] keys = new double[confidences.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] =
          algTemp == 0
              ? confidences[i]
              : (double) confidences[i] / algTemp + noise.gumbel(step, positions[i]);
    }
    return largest(keys, count);
  }

  /** Indices of the largest keys, ascending; of equal keys the first. */
  private static int[] largest(double[] keys, int count) {
    if (count == keys.length) {
      int[] all = new int[count];
      Arrays.setAll(all, i -> i);
      return all;
    }
    boolean[] taken = new boolean[keys.length];
    for (int round = 0; round < count; round++) {
      int best = -1;
      for (int i = 0; i < keys.length; i++) {
        if (!taken[i] && (best < 0 || keys[i] > keys[best])) {
          best = i;
        }
      }
      taken[best] = true;
    }
    int[] chosen = new int[count];
    int filled = 0;
    for (int i = 0; i < keys.length; i++) {
      if (taken[i]) {
        chosen[filled++] = i;
      }
    }
    return chosen;
  }
}
