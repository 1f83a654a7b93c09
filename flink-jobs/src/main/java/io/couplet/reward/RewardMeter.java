package io.couplet.reward;

import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.SandboxStatistics;
import io.couplet.schemas.Reward;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Metric groups {@code couplet.rewards} and {@code couplet.sandbox}. Thread-safe. */
final class RewardMeter {
  private static final int LATENCIES_KEPT = 1_000;
  private static final List<String> OUTCOMES =
      List.of("PASSED", "FAILED", "TIMEOUT", "INVALID", "INFRASTRUCTURE");

  private final Map<String, Source> sources = new ConcurrentHashMap<>();
  private final ThreadSafeSimpleCounter retries = new ThreadSafeSimpleCounter();

  /** What is shown of one source. */
  private record Source(
      ThreadSafeSimpleCounter rewards, ThreadSafeSimpleCounter withoutValue, Histogram latency) {}

  RewardMeter(MetricGroup operator, SandboxPool pool, List<String> names) {
    MetricGroup rewards = operator.addGroup("couplet").addGroup("rewards");
    rewards.counter("infrastructureRetries", retries);
    for (String name : names) {
      MetricGroup group = rewards.addGroup("source", name);
      Source source =
          new Source(
              group.counter("rewards", new ThreadSafeSimpleCounter()),
              group.counter("withoutValue", new ThreadSafeSimpleCounter()),
              group.histogram("latencyMs", new DescriptiveStatisticsHistogram(LATENCIES_KEPT)));
      group.meter("rewardsPerSecond", new MeterView(source.rewards()));
      sources.put(name, source);
    }
    sandbox(operator.addGroup("couplet").addGroup("sandbox"), pool);
  }

  private static void sandbox(MetricGroup group, SandboxPool pool) {
    gauge(group, "perSecond", pool, SandboxStatistics::perSecond);
    gauge(group, "p50Ms", pool, SandboxStatistics::p50Ms);
    gauge(group, "p99Ms", pool, SandboxStatistics::p99Ms);
    gauge(group, "jobs", pool, SandboxStatistics::jobs);
    gauge(group, "waiting", pool, SandboxStatistics::waiting);
    gauge(group, "workerRestarts", pool, SandboxStatistics::workerRestarts);
    for (String outcome : OUTCOMES) {
      gauge(
          group.addGroup("outcome", outcome),
          "verdicts",
          pool,
          statistics -> statistics.outcomes().getOrDefault(outcome, 0L));
    }
  }

  private static <N extends Number> void gauge(
      MetricGroup group, String name, SandboxPool pool, Function<SandboxStatistics, N> value) {
    group.gauge(name, (Gauge<N>) () -> value.apply(pool.statistics()));
  }

  void retried() {
    retries.inc();
  }

  void given(List<Reward> rewards, double latencyMs) {
    for (Reward reward : rewards) {
      Source source = sources.get(reward.getSource());
      source.rewards().inc();
      source.latency().update(Math.round(latencyMs));
      if (reward.getValue() == null) {
        source.withoutValue().inc();
      }
    }
  }
}
