package io.couplet.local.progress;

import java.util.List;

/** A row of numbers as a row of small bars. */
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /**
   * The last {@code width} values, scaled between the smallest and the largest of them; a row of
   * equal values is drawn in the middle.
   */
  static String of(List<Double> values, int width) {
    List<Double> shown = values.subList(Math.max(0, values.size() - width), values.size());
    double low = shown.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double high = shown.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    StringBuilder row = new StringBuilder(shown.size());
    for (double value : shown) {
      double height = high > low ? (value - low) / (high - low) : 0.5;
      row.append(BARS.charAt((int) Math.round(height * (BARS.length() - 1))));
    }
    return row.toString();
  }
}
