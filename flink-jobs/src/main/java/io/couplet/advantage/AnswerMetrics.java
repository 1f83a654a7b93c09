package io.couplet.advantage;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The metric group couplet.rewards of the assembly: what every source, built-in or not, says about
 * the members of groups. Counts since the operator started.
 */
final class AnswerMetrics {
  private static final int LATENCIES_KEPT = 1_000;

  /** A reward that a source said first, about an open group. */
  private static final Set<Occurrence> ANSWERS =
      Set.of(Occurrence.REWARD, Occurrence.NO_VALUE, Occurrence.INVALID_VALUE);

  private final MetricGroup group;
  private final Map<String, Source> sources = new HashMap<>();

  /** What is shown of one source. */
  private static final class Source {
    final MetricGroup group;
    final Counter answers = new SimpleCounter();
    final Histogram latency = new DescriptiveStatisticsHistogram(LATENCIES_KEPT);
    final Map<Occurrence, Counter> outcomes = new EnumMap<>(Occurrence.class);

    Source(MetricGroup group) {
      this.group = group;
      group.counter("answers", answers);
      group.meter("answersPerSecond", new MeterView(answers));
      group.histogram("answerMs", latency);
      ANSWERS.forEach(this::outcome);
      outcome(Occurrence.LATE_REWARD);
    }

    Counter outcome(Occurrence occurrence) {
      return outcomes.computeIfAbsent(
          occurrence, o -> group.addGroup("outcome", o.metricName()).counter("count"));
    }
  }

  AnswerMetrics(MetricGroup operator) {
    group = operator.addGroup("couplet").addGroup("rewards");
  }

  /**
   * Counts what became of a reward.
   *
   * @param sinceOpenedMs time from the opening of its group; of no account for what is no answer
   */
  void noted(Occurrence occurrence, String name, long sinceOpenedMs) {
    Source source = sources.computeIfAbsent(name, n -> new Source(group.addGroup("source", n)));
    source.outcome(occurrence).inc();
    if (ANSWERS.contains(occurrence)) {
      source.answers.inc();
      source.latency.update(Math.max(0, sinceOpenedMs));
    }
  }
}
