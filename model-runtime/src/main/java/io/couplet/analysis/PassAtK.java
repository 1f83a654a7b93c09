package io.couplet.analysis;

/**
 * Unbiased estimate of the probability that at least one of k samples passes (Chen et al. 2021).
 */
public final class PassAtK {
  private PassAtK() {}

  /**
   * {@code 1 - C(n - c, k) / C(n, k)}.
   *
   * @param samples n, at least k
   * @param passed c, from 0 to n
   * @param k at least 1
   */
  public static double estimate(int samples, int passed, int k) {
    if (k < 1 || samples < k) {
      throw new IllegalArgumentException(
          "pass@%d needs at least %d samples of a problem, not %d".formatted(k, k, samples));
    }
    if (passed < 0 || passed > samples) {
      throw new IllegalArgumentException(
          "Between 0 and %d samples can pass, not %d".formatted(samples, passed));
    }
    // C(n-c, k) / C(n, k) = product over i = n-c+1..n of (1 - k/i)
    double allFail = 1;
    for (int i = samples - passed + 1; i <= samples; i++) {
      allFail *= Math.max(0, 1 - (double) k / i);
    }
    return 1 - allFail;
  }
}
