package io.couplet.bench;

import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicReader.Received;
import io.couplet.schemas.Completion;
import io.couplet.schemas.GenerationTimings;
import io.couplet.schemas.Group;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * What the topics of a run say about the time between its stages. Times are wall clocks of one
 * machine: of the records, of the announcements, and of the first worker calls.
 *
 * @param hops latencies by hop, in the order of the flow
 * @param records records written in the window that was looked at, over all topics but ledger and
 *     evaluations
 */
public record HopLatencies(Map<String, Percentiles> hops, long records) {
  /** The hop whose latency decides how fresh rollouts are. */
  public static final String FIRST_CALL = "version announced -> first call with it";

  public HopLatencies {
    hops = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(hops));
  }

  /** Latencies in ms; NaN where there was none. */
  public record Percentiles(int count, double p50Ms, double p99Ms) {
    static Percentiles of(List<Double> latencies) {
      double[] sorted = latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return sorted.length == 0
          ? new Percentiles(0, Double.NaN, Double.NaN)
          : new Percentiles(
              sorted.length,
              sorted[sorted.length / 2],
              sorted[Math.min(sorted.length - 1, (int) (sorted.length * 0.99))]);
    }
  }

  /** Reads the topics; what happened outside the window, in wall-clock ms, is left out. */
  public static HopLatencies read(KafkaConnection kafka, RunTopics run, long fromMs, long toMs) {
    return new Reading(fromMs, toMs).read(kafka, run);
  }

  private static final class Reading {
    final long fromMs;
    final long toMs;
    final Map<Long, Long> announced = new TreeMap<>();
    final Map<Long, Long> firstCall = new HashMap<>();
    final Map<String, Long> rolloutAt = new HashMap<>();
    final Map<String, Long> lastRewardAt = new HashMap<>();
    final List<Double> calls = new ArrayList<>();
    final List<Double> judged = new ArrayList<>();
    final List<Double> grouped = new ArrayList<>();
    long records;

    Reading(long fromMs, long toMs) {
      this.fromMs = fromMs;
      this.toMs = toMs;
    }

    HopLatencies read(KafkaConnection kafka, RunTopics run) {
      each(kafka, run, Topic.POLICIES, this::policy);
      each(kafka, run, Topic.ROLLOUTS, this::rollout);
      each(kafka, run, Topic.rewards("tests"), this::reward);
      each(kafka, run, Topic.GROUPS, this::group);
      List<Double> firstCalls = new ArrayList<>();
      announced.forEach(
          (version, at) -> {
            if (inside(at) && firstCall.containsKey(version)) {
              firstCalls.add((double) Math.max(0, firstCall.get(version) - at));
            }
          });
      Map<String, Percentiles> hops = new LinkedHashMap<>();
      hops.put(FIRST_CALL, Percentiles.of(firstCalls));
      hops.put("worker call -> rollout record, without the worker", Percentiles.of(calls));
      hops.put("rollout record -> reward record, without judging", Percentiles.of(judged));
      hops.put("last reward of a group -> tape record", Percentiles.of(grouped));
      return new HopLatencies(hops, records);
    }

    private <T extends SpecificRecordBase> void each(
        KafkaConnection kafka, RunTopics run, Topic<T> topic, Consumer<Received<T>> sink) {
      try (TopicReader<T> reader = new TopicReader<>(kafka, run, topic)) {
        reader.readToEnd(
            received -> {
              records += inside(received.raw().timestamp()) ? 1 : 0;
              if (received.value().isPresent()) {
                sink.accept(received);
              }
            });
      }
    }

    private boolean inside(long ms) {
      return ms > fromMs && ms <= toMs;
    }

    private void policy(Received<Policy> received) {
      Policy policy = received.value().orElseThrow();
      announced.merge(policy.getVersion(), policy.getCreatedMs(), Math::min);
    }

    private void rollout(Received<Rollout> received) {
      Rollout rollout = received.value().orElseThrow();
      long at = received.raw().timestamp();
      rolloutAt.put(rollout.getGroup() + "/" + rollout.getMember(), at);
      if (rollout.getOutcome() instanceof Completion completion) {
        GenerationTimings timings = completion.getTimings();
        firstCall.merge(rollout.getPolicyVersion(), timings.getStartedMs(), Math::min);
        if (inside(at)) {
          double worker = timings.getQueueMs() + timings.getDecodeMs() + timings.getScoreMs();
          calls.add(Math.max(0, at - timings.getStartedMs() - worker));
        }
      }
    }

    private void reward(Received<Reward> received) {
      Reward reward = received.value().orElseThrow();
      long at = received.raw().timestamp();
      lastRewardAt.merge(reward.getGroup(), at, Math::max);
      Long rollout = rolloutAt.get(reward.getGroup() + "/" + reward.getMember());
      if (rollout != null && inside(at)) {
        judged.add(Math.max(0, at - rollout - reward.getDurationMs()));
      }
    }

    private void group(Received<Group> received) {
      Long last = lastRewardAt.get(received.value().orElseThrow().getGroup());
      long at = received.raw().timestamp();
      if (last != null && inside(at)) {
        grouped.add((double) Math.max(0, at - last));
      }
    }
  }
}
