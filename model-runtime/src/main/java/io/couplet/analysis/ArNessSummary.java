package io.couplet.analysis;

import io.couplet.analysis.ArNess.Edge;
import io.couplet.analysis.ArNess.LocalRule;
import io.couplet.analysis.CommitOrder.Ties;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Mean AR-ness over samples: local@1 to local@9 and global@1 to global@4, each with ties left to
 * right and right to left. For global these two are the exact bounds; for local they only indicate.
 * Samples for which a measure is undefined do not count in its mean. Not thread-safe.
 */
public final class ArNessSummary {
  private static final int LOCAL_K = 9;
  private static final int GLOBAL_K = 4;

  private final LocalRule rule;
  private final Edge edge;
  private final Map<String, Mean> means = new LinkedHashMap<>();

  /** Sum and number of the defined values of one measure. */
  private static final class Mean {
    double sum;
    int count;

    void add(double value) {
      if (!Double.isNaN(value)) {
        sum += value;
        count++;
      }
    }

    double value() {
      return count == 0 ? Double.NaN : sum / count;
    }
  }

  public ArNessSummary(LocalRule rule, Edge edge) {
    this.rule = rule;
    this.edge = edge;
  }

  /** The defaults: set rule, edges skipped. */
  public ArNessSummary() {
    this(LocalRule.SET, Edge.SKIP);
  }

  /**
   * Adds a sample.
   *
   * @param stepMap [L] step of each commit, -1 where the tail was filled
   * @param confidences [L]
   * @param end positions from here on do not count: L for the canvas, one behind the first stop
   *     token for the answer alone
   */
  public void add(int[] stepMap, float[] confidences, int end) {
    CommitOrder ascending = CommitOrder.upTo(end, stepMap, confidences, Ties.ASCENDING);
    CommitOrder descending = CommitOrder.upTo(end, stepMap, confidences, Ties.DESCENDING);
    for (int k = 1; k <= LOCAL_K; k++) {
      int local = k;
      add("local@" + k, ascending, descending, order -> ArNess.local(order, local, rule, edge));
    }
    for (int k = 1; k <= GLOBAL_K; k++) {
      int global = k;
      add("global@" + k, ascending, descending, order -> ArNess.global(order, global));
    }
  }

  private void add(
      String measure,
      CommitOrder ascending,
      CommitOrder descending,
      ToDoubleFunction<CommitOrder> value) {
    means.computeIfAbsent(measure + "/asc", key -> new Mean()).add(value.applyAsDouble(ascending));
    means
        .computeIfAbsent(measure + "/desc", key -> new Mean())
        .add(value.applyAsDouble(descending));
  }

  /**
   * Means by name, {@code local@k/asc}, {@code local@k/desc}, {@code global@k/asc}, {@code
   * global@k/desc}; NaN where no sample defines one. Empty before the first sample.
   */
  public Map<String, Double> means() {
    Map<String, Double> values = new LinkedHashMap<>();
    means.forEach((name, mean) -> values.put(name, mean.value()));
    return values;
  }
}
