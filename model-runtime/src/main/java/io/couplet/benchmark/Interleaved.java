package io.couplet.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times alternatives side by side: round after round, each once per round in turn, so that a busy
 * moment of the machine hits all of them. The median over the rounds is reported.
 */
public final class Interleaved {
  private final Map<String, Runnable> alternatives = new LinkedHashMap<>();
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  public Interleaved add(String name, Runnable work) {
    alternatives.put(name, work);
    seconds.put(name, new ArrayList<>());
    return this;
  }

  /** One untimed round, then {@code rounds} timed ones. */
  public Interleaved run(int rounds) {
    alternatives.values().forEach(Runnable::run);
    for (int round = 0; round < rounds; round++) {
      alternatives.forEach(
          (name, work) -> {
            long start = System.nanoTime();
            work.run();
            seconds.get(name).add((System.nanoTime() - start) / 1e9);
          });
    }
    return this;
  }

  /** Median seconds of an alternative. */
  public double median(String name) {
    return median(seconds.get(name).stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Median over the rounds of baseline time / alternative time of the same round. */
  public double speedup(String baseline, String alternative) {
    double[] ratios = new double[seconds.get(baseline).size()];
    Arrays.setAll(ratios, i -> seconds.get(baseline).get(i) / seconds.get(alternative).get(i));
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
