package io.couplet.bench;

import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicReader.Received;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * What the topics of a run say about the time between its stages. Times are wall clocks of one
 * machine: of the records, of the announcements, and of the first worker calls.
 *
 * @param hops latencies by hop, in the order of the flow
 * @param records records of policies, rollouts, the tests rewards and groups that were written in
 *     the window that was looked at
 */
public record HopLatencies(Map<String, Percentiles> hops, long records) {
  /** The hop whose latency decides how fresh rollouts are. */
  public static final String FIRST_CALL = "version announced -> first call with it";

  static final String CALL = "worker call -> rollout record, without the worker";
  static final String JUDGED = "rollout record -> reward record, without judging";
  static final String GROUPED = "last reward of a group -> tape record";

  public HopLatencies {
    hops = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(hops));
  }

  /** Latencies in ms by nearest rank; NaN where there was none. */
  public record Percentiles(int count, double p50Ms, double p99Ms) {
    static Percentiles of(List<Double> latencies) {
      return new Percentiles(
          latencies.size(), Quantiles.of(latencies, 0.5), Quantiles.of(latencies, 0.99));
    }
  }

  /** Reads the topics; what happened outside the window, in wall-clock ms, is left out. */
  public static HopLatencies read(KafkaConnection kafka, RunTopics run, long fromMs, long toMs) {
    HopReading reading = new HopReading(fromMs, toMs);
    each(kafka, run, Topic.POLICIES, reading, r -> reading.policy(r.value().orElseThrow()));
    each(
        kafka,
        run,
        Topic.ROLLOUTS,
        reading,
        r -> reading.rollout(r.value().orElseThrow(), r.raw().timestamp()));
    each(
        kafka,
        run,
        Topic.rewards("tests"),
        reading,
        r -> reading.reward(r.value().orElseThrow(), r.raw().timestamp()));
    each(
        kafka,
        run,
        Topic.GROUPS,
        reading,
        r -> reading.group(r.value().orElseThrow(), r.raw().timestamp()));
    return reading.latencies();
  }

  private static <T extends SpecificRecordBase> void each(
      KafkaConnection kafka,
      RunTopics run,
      Topic<T> topic,
      HopReading reading,
      Consumer<Received<T>> sink) {
    try (TopicReader<T> reader = new TopicReader<>(kafka, run, topic)) {
      reader.readToEnd(
          received -> {
            reading.record(received.raw().timestamp());
            if (received.value().isPresent()) {
              sink.accept(received);
            }
          });
    }
  }
}
