package io.couplet.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.random.RandomStream;
import org.junit.jupiter.api.Test;

/**
 * What the coupled estimator is (algorithms, section 4.3): expectations over all 2^L masks, the
 * mask ratio integrated by Gauss-Legendre quadrature.
 */
class CoupledEstimatorTest {
  private static final int LENGTH = 6;
  private static final int NODES = 64;

  /** Moments of one token's terms over masks and mask ratios. */
  private record Moments(double g, double gSquared, double pairMean, double pairMeanSquared) {
    double variance() {
      return gSquared - g * g;
    }

    double pairVariance() {
      return pairMeanSquared - pairMean * pairMean;
    }
  }

  /** l_k(M) for every token and mask. */
  private static double[][] randomLosses(long seed) {
    RandomStream stream = RandomStream.named(seed, "losses");
    double[][] losses = new double[LENGTH][1 << LENGTH];
    for (double[] row : losses) {
      for (int m = 0; m < row.length; m++) {
        row[m] = 5 * stream.nextDouble();
      }
    }
    return losses;
  }

  private static double[][] constantLosses() {
    double[][] losses = new double[LENGTH][1 << LENGTH];
    for (double[] row : losses) {
      java.util.Arrays.fill(row, 1);
    }
    return losses;
  }

  private static Moments moments(double[][] losses, int token, double low, double high) {
    double[] sums = new double[4];
    double[][] rule = gaussLegendre(NODES);
    for (int node = 0; node < NODES; node++) {
      double ratio = low + (high - low) * (rule[0][node] + 1) / 2;
      double nodeWeight = rule[1][node] / 2;
      for (int m = 0; m < 1 << LENGTH; m++) {
        CoupledMasks mask = new CoupledMasks(ratio, bits(m));
        double weight = nodeWeight * probability(mask);
        double g = term(mask, losses, token);
        double other = term(mask.complement(), losses, token);
        assertThat(g * other).isZero(); // T2
        sums[0] += weight * g;
        sums[1] += weight * g * g;
        sums[2] += weight * (g + other) / 2;
        sums[3] += weight * Math.pow((g + other) / 2, 2);
      }
    }
    return new Moments(sums[0], sums[1], sums[2], sums[3]);
  }

  /** M_k l_k(M) / ratio. */
  private static double term(CoupledMasks mask, double[][] losses, int token) {
    int index = 0;
    for (int k = 0; k < LENGTH; k++) {
      index |= mask.masked()[k] ? 1 << k : 0;
    }
    return mask.masked()[token] ? losses[token][index] / mask.ratio() : 0;
  }

  private static double probability(CoupledMasks mask) {
    double probability = 1;
    for (boolean masked : mask.masked()) {
      probability *= masked ? mask.ratio() : 1 - mask.ratio();
    }
    return probability;
  }

  private static boolean[] bits(int m) {
    boolean[] bits = new boolean[LENGTH];
    for (int k = 0; k < LENGTH; k++) {
      bits[k] = (m >> k & 1) == 1;
    }
    return bits;
  }

  /** Nodes and weights on [-1, 1], by Newton's method on the Legendre polynomial. */
  private static double[][] gaussLegendre(int n) {
    double[][] rule = new double[2][n];
    for (int i = 0; i < n; i++) {
      double x = Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
      double derivative = 0;
      for (int iteration = 0; iteration < 100; iteration++) {
        double previous = 1;
        double value = x;
        for (int k = 2; k <= n; k++) {
          double next = ((2 * k - 1) * x * value - (k - 1) * previous) / k;
          previous = value;
          value = next;
        }
        derivative = n * (x * value - previous) / (x * x - 1);
        double change = value / derivative;
        x -= change;
        if (Math.abs(change) < 1e-16) {
          break;
        }
      }
      rule[0][i] = x;
      rule[1][i] = 2 / ((1 - x * x) * derivative * derivative);
    }
    return rule;
  }

  @Test
  void pairMeanIsUnbiasedForASymmetricMaskRatio() {
    double[][] losses = randomLosses(1);
    for (int token = 0; token < LENGTH; token++) {
      Moments moments = moments(losses, token, 0.2, 0.8);
      assertThat(moments.pairMean()).isCloseTo(moments.g(), within(1e-10)); // T1
    }
  }

  @Test
  void couplingLowersTheVarianceOfATokenBelowTwoIndependentMasks() {
    double[][] losses = randomLosses(2);
    for (int token = 0; token < LENGTH; token++) {
      Moments moments = moments(losses, token, 0.2, 0.8);
      assertThat(moments.pairVariance())
          .isCloseTo((moments.variance() - moments.g() * moments.g()) / 2, within(1e-9)) // T3
          .isLessThan(moments.variance() / 2);
    }
  }

  @Test
  void variancesOfAConstantLossAreTheClosedForms() {
    Moments moments = moments(constantLosses(), 0, 0.2, 0.8);
    assertThat(moments.gSquared()).isCloseTo(2.310490602, within(1e-9)); // T4: E[1/t]
    assertThat(moments.variance()).isCloseTo(1.310490602, within(1e-9));
    assertThat(moments.variance() / 2).isCloseTo(0.655245301, within(1e-9));
    assertThat(moments.pairVariance()).isCloseTo(0.155245301, within(1e-9));
  }

  @Test
  void anAsymmetricMaskRatioBreaksUnbiasedness() {
    Moments moments = moments(randomLosses(3), 0, 0.1, 0.5);
    assertThat(Math.abs(moments.pairMean() - moments.g())).isGreaterThan(1e-3); // T5
  }
}
