package io.couplet.grpo;

import java.util.Arrays;

/**
 * Advantages of the members of one group.
 *
 * @param values [G] in the order of the rewards; all 0 where the group has no variance
 * @param mean of the rewards
 * @param deviation standard deviation of the rewards with divisor G - 1; 0 for one member
 * @param zeroVariance whether all rewards are equal up to rounding, so that the group teaches
 *     nothing
 */
public record Advantages(float[] values, double mean, double deviation, boolean zeroVariance) {
  private static final double SCALE_EPSILON = 1e-4;

  /** Rewards are sums of a few weighted values: closer than this they are equal. */
  private static final double EQUAL = 1e-9;

  /**
   * Advantages of rewards.
   *
   * @param rewards [G] finite, at least one
   * @param scaleRewards divide by the standard deviation + 1e-4
   */
  public static Advantages of(double[] rewards, AdvantageBaseline baseline, boolean scaleRewards) {
    int members = rewards.length;
    if (members == 0) {
      throw new IllegalArgumentException("A group without rewards has no advantages");
    }
    for (double reward : rewards) {
      if (!Double.isFinite(reward)) {
        throw new IllegalArgumentException(
            "Rewards must be finite, found " + Arrays.toString(rewards));
      }
    }
    double mean = Arrays.stream(rewards).sum() / members;
    double squares = Arrays.stream(rewards).map(r -> (r - mean) * (r - mean)).sum();
    double deviation = members == 1 ? 0 : Math.sqrt(squares / (members - 1));
    float[] values = new float[members];
    if (spread(rewards) <= EQUAL * Math.max(1, Math.abs(mean))) {
      return new Advantages(values, mean, deviation, true);
    }
    double factor =
        switch (baseline) {
          case MEAN -> 1;
          case LEAVE_ONE_OUT -> members / (members - 1.0);
        };
    double scale = scaleRewards ? deviation + SCALE_EPSILON : 1;
    for (int i = 0; i < members; i++) {
      values[i] = (float) ((rewards[i] - mean) * factor / scale);
    }
    return new Advantages(values, mean, deviation, false);
  }

  private static double spread(double[] rewards) {
    return Arrays.stream(rewards).max().orElseThrow() - Arrays.stream(rewards).min().orElseThrow();
  }
}
