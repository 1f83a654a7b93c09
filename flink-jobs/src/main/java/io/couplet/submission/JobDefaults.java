package io.couplet.submission;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/** Flink settings that the jobs are made for, in local mode and on a cluster. */
public final class JobDefaults {
  private static final Map<String, String> CHECKPOINTING =
      Map.of(
          "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION",
          "execution.checkpointing.mode", "EXACTLY_ONCE",
          "execution.checkpointing.incremental", "true",
          "execution.checkpointing.num-retained", "2",
          "execution.checkpointing.max-concurrent-checkpoints", "1",
          "execution.checkpointing.timeout", "2 min",
          "execution.checkpointing.tolerable-failed-checkpoints", "5",
          "state.backend.type", "rocksdb",
          "state.backend.rocksdb.timer-service.factory", "ROCKSDB");

  private static final Map<String, String> RUNNING =
      Map.of(
          "restart-strategy.type", "exponential-delay",
          "restart-strategy.exponential-delay.initial-backoff", "200 ms",
          "restart-strategy.exponential-delay.max-backoff", "10 s",
          // Types that Avro or Flink cannot serialize are a defect to be seen at once, not Kryo's.
          "pipeline.generic-types", "false",
          // No job knows event time: every source would wake five times a second to say so.
          "pipeline.auto-watermark-interval", "0 ms",
          "pipeline.object-reuse", "true");

  private JobDefaults() {}

  /** Keys of Flink's configuration and their values. */
  public static Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(CHECKPOINTING);
    settings.putAll(RUNNING);
    return settings;
  }

  /** What a cluster's configuration does not say. */
  static Configuration whereSilent(ReadableConfig cluster) {
    Configuration settings = new Configuration();
    Map<String, String> present = cluster.toMap();
    settings()
        .forEach(
            (key, value) -> {
              if (!present.containsKey(key)) {
                settings.setString(key, value);
              }
            });
    return settings;
  }
}
