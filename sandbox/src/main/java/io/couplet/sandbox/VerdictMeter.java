package io.couplet.sandbox;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Counts verdicts and keeps the durations of the latest ones. Thread-safe. */
final class VerdictMeter {
  private static final int KEPT = 4096;
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private final long[] durations = new long[KEPT];
  private final long[] ends = new long[KEPT];
  private final Map<String, Long> outcomes = new TreeMap<>();
  private final long opened = System.nanoTime();
  private long jobs;
  private long restarts;

  synchronized void record(Verdict verdict, long durationNanos) {
    int slot = (int) (jobs % KEPT);
    durations[slot] = durationNanos;
    ends[slot] = System.nanoTime();
    jobs++;
    outcomes.merge(verdict.outcomeName(), 1L, Long::sum);
  }

  synchronized void restarted() {
    restarts++;
  }

  synchronized SandboxStatistics snapshot(int waiting) {
    int kept = (int) Math.min(jobs, KEPT);
    long now = System.nanoTime();
    long[] sorted = Arrays.copyOf(durations, kept);
    Arrays.sort(sorted);
    return new SandboxStatistics(
        jobs,
        rate(kept, now),
        milliseconds(sorted, 0.5),
        milliseconds(sorted, 0.99),
        outcomes,
        restarts,
        waiting);
  }

  private double rate(int kept, long now) {
    long oldest = now;
    int recent = 0;
    for (int i = 0; i < kept; i++) {
      if (now - ends[i] < WINDOW_NANOS) {
        recent++;
        oldest = Math.min(oldest, ends[i]);
      }
    }
    // A full ring covers less than the window: its own span is the honest denominator.
    long span = recent == KEPT ? now - oldest : Math.min(WINDOW_NANOS, now - opened);
    return span <= 0 ? 0 : recent * 1e9 / span;
  }

  private static double milliseconds(long[] sorted, double quantile) {
    if (sorted.length == 0) {
      return 0;
    }
    return sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))] / 1e6;
  }
}
