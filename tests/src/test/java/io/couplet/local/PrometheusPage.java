package io.couplet.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Prometheus endpoint serves, in its text format. */
record PrometheusPage(List<Sample> samples) {
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");

  /**
   * One value.
   *
   * @param labels {@code name="value",...} as it stands
   */
  record Sample(String name, String labels, double value) {}

  static PrometheusPage parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new AssertionError("This is no line of Prometheus' text format: " + line);
      }
      String labels = matcher.group(2) == null ? "" : matcher.group(2);
      samples.add(
          new Sample(
              matcher.group(1),
              labels,
              Double.parseDouble(matcher.group(3).replace("Inf", "Infinity"))));
    }
    return new PrometheusPage(samples);
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>();
    samples.forEach(sample -> names.add(sample.name()));
    return names;
  }

  /** Largest value under a name; fails when there is none. */
  double value(String name) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .mapToDouble(Sample::value)
        .max()
        .orElseThrow(() -> new AssertionError("There is no metric " + name + " in " + names()));
  }
}
