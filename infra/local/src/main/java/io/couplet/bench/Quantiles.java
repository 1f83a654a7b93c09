package io.couplet.bench;

import java.util.Collection;
import java.util.List;

/** Quantiles as the benchmarks give them: values that were measured, nothing in between. */
final class Quantiles {
  private Quantiles() {}

  /**
   * The nearest-rank quantile: the smallest value that at least that share of all values does not
   * exceed; NaN of none.
   *
   * @param share in (0, 1]
   */
  static double of(Collection<Double> values, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("A quantile's share is in (0, 1], not " + share);
    }
    List<Double> sorted = values.stream().sorted().toList();
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    // 0.95 * 20 is a little more than 19 in binary.
    int rank = (int) Math.ceil(share * sorted.size() - 1e-9);
    return sorted.get(Math.max(1, rank) - 1);
  }
}
