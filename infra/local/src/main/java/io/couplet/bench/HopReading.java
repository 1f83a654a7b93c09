package io.couplet.bench;

import io.couplet.bench.HopLatencies.Percentiles;
import io.couplet.schemas.Completion;
import io.couplet.schemas.GenerationTimings;
import io.couplet.schemas.Group;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Latencies out of the records of a run: policies first, then rollouts, rewards, groups. Times are
 * wall-clock ms; those of records are when they were written. What was written outside the window
 * gives no latency, though it may be where one begins. Not thread-safe.
 */
final class HopReading {
  private final long fromMs;
  private final long toMs;
  private final Map<Long, Long> announced = new TreeMap<>();
  private final Map<Long, Long> firstCall = new HashMap<>();
  private final Map<String, Long> rolloutAt = new HashMap<>();
  private final Map<String, Long> lastRewardAt = new HashMap<>();
  private final List<Double> calls = new ArrayList<>();
  private final List<Double> judged = new ArrayList<>();
  private final List<Double> grouped = new ArrayList<>();
  private long records;

  /** The window, its beginning excluded and its end included. */
  HopReading(long fromMs, long toMs) {
    this.fromMs = fromMs;
    this.toMs = toMs;
  }

  /** Any record of the topics that are looked at was written. */
  void record(long atMs) {
    records += inside(atMs) ? 1 : 0;
  }

  void policy(Policy policy) {
    announced.merge(policy.getVersion(), policy.getCreatedMs(), Math::min);
  }

  void rollout(Rollout rollout, long atMs) {
    rolloutAt.put(rollout.getGroup() + "/" + rollout.getMember(), atMs);
    if (rollout.getOutcome() instanceof Completion completion) {
      GenerationTimings timings = completion.getTimings();
      firstCall.merge(rollout.getPolicyVersion(), timings.getStartedMs(), Math::min);
      if (inside(atMs)) {
        double worker = timings.getQueueMs() + timings.getDecodeMs() + timings.getScoreMs();
        calls.add(Math.max(0, atMs - timings.getStartedMs() - worker));
      }
    }
  }

  void reward(Reward reward, long atMs) {
    lastRewardAt.merge(reward.getGroup(), atMs, Math::max);
    Long rollout = rolloutAt.get(reward.getGroup() + "/" + reward.getMember());
    if (rollout != null && inside(atMs)) {
      judged.add(Math.max(0, atMs - rollout - reward.getDurationMs()));
    }
  }

  void group(Group group, long atMs) {
    Long last = lastRewardAt.get(group.getGroup());
    if (last != null && inside(atMs)) {
      grouped.add((double) Math.max(0, atMs - last));
    }
  }

  HopLatencies latencies() {
    List<Double> firstCalls = new ArrayList<>();
    announced.forEach(
        (version, at) -> {
          if (inside(at) && firstCall.containsKey(version)) {
            firstCalls.add((double) Math.max(0, firstCall.get(version) - at));
          }
        });
    Map<String, Percentiles> hops = new LinkedHashMap<>();
    hops.put(HopLatencies.FIRST_CALL, Percentiles.of(firstCalls));
    hops.put(HopLatencies.CALL, Percentiles.of(calls));
    hops.put(HopLatencies.JUDGED, Percentiles.of(judged));
    hops.put(HopLatencies.GROUPED, Percentiles.of(grouped));
    return new HopLatencies(hops, records);
  }

  private boolean inside(long ms) {
    return ms > fromMs && ms <= toMs;
  }
}
