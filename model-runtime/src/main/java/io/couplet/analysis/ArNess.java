package io.couplet.analysis;

import java.util.Arrays;
import java.util.BitSet;

/**
 * AR-ness: how much a generation went left to right (DiffuCoder, section 4; algorithms, section 5).
 * Local@k asks whether a commit continues a run of k neighbours, global@k whether it took one of
 * the k leftmost masked positions. Values lie in [0, 1], or are NaN where undefined; leave NaN out
 * of means.
 */
public final class ArNess {
  /** What counts as a run of k commits that end left of the current one. */
  public enum LocalRule {
    /** The k previous commits are the k positions to the left, in any order (text of the paper). */
    SET,
    /** The k previous commits were those positions in increasing order (caption of its figure). */
    SEQUENCE
  }

  /** Commits with fewer than k predecessors; local AR-ness only. */
  public enum Edge {
    /** Do not count: the average is over commits k + 1 .. T. */
    SKIP,
    /** The prompt counts as committed left to right before the completion. */
    PROMPT,
    /** Count as 0. */
    ZERO
  }

  private ArNess() {}

  /**
   * Share of commits p_t whose predecessors p_{t-1} .. p_{t-k} are the positions p_t - 1 .. p_t - k
   * under the rule. NaN without commits, and under {@link Edge#SKIP} with no more than k.
   */
  public static double local(CommitOrder order, int k, LocalRule rule, Edge edge) {
    requirePositive(k);
    int commits = order.size();
    int first = edge == Edge.SKIP ? k : 0;
    int runs = 0;
    for (int t = first; t < commits; t++) {
      boolean countable = t >= k || edge == Edge.PROMPT;
      if (countable && continuesRun(order.positions(), t, k, rule)) {
        runs++;
      }
    }
    return commits <= first ? Double.NaN : (double) runs / (commits - first);
  }

  private static boolean continuesRun(int[] positions, int t, int k, LocalRule rule) {
    int[] previous = new int[k];
    int[] left = new int[k];
    for (int j = 1; j <= k; j++) {
      // Before the first commit stand the prompt's positions -1, -2, ...
      previous[j - 1] = t - j >= 0 ? positions[t - j] : t - j;
      left[j - 1] = positions[t] - j;
    }
    if (rule == LocalRule.SET) {
      Arrays.sort(previous);
      Arrays.sort(left);
    }
    return Arrays.equals(previous, left);
  }

  /**
   * Share of commits that took one of the k smallest positions still masked at that moment. NaN
   * without commits.
   */
  public static double global(CommitOrder order, int k) {
    return global(order, k, false);
  }

  /**
   * As {@link #global}, but commits of one step are all held against the positions that were masked
   * before the step, so their order within it does not matter.
   */
  public static double globalByStep(CommitOrder order, int k) {
    return global(order, k, true);
  }

  private static double global(CommitOrder order, int k, boolean byStep) {
    requirePositive(k);
    BitSet masked = new BitSet();
    masked.set(0, order.length());
    int leftmost = 0;
    int removed = 0;
    for (int t = 0; t < order.size(); t++) {
      // Positions that count as committed before commit t.
      while (removed < t && (!byStep || order.steps()[removed] < order.steps()[t])) {
        masked.clear(order.positions()[removed++]);
      }
      if (masked.get(0, order.positions()[t]).cardinality() < k) {
        leftmost++;
      }
    }
    return order.size() == 0 ? Double.NaN : (double) leftmost / order.size();
  }

  private static void requirePositive(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, not " + k);
    }
  }
}
