package io.couplet.learner;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/** What the learner shows of itself. Written by the learner, read by any thread. */
public final class LearnerGauges {
  private static final int WINDOW = 32;

  private final Deque<double[]> cycles = new ArrayDeque<>();
  private volatile UpdateSummary last;
  private volatile double secondsPerUpdate;
  private volatile double idleShare;
  private volatile double rewardMean;
  private volatile double[] staleness = {0, 0, 0};
  private volatile long policyVersion;
  private final AtomicLong updates = new AtomicLong();
  private final AtomicLong rebuilt = new AtomicLong();
  private final AtomicLong recognised = new AtomicLong();
  private volatile long consumedGroups;

  void updated(UpdateSummary summary, Timing timing, double meanReward, double[] versionsBehind) {
    cycles.addLast(new double[] {timing.waiting(), timing.busy()});
    if (cycles.size() > WINDOW) {
      cycles.removeFirst();
    }
    double waiting = cycles.stream().mapToDouble(cycle -> cycle[0]).sum();
    double busy = cycles.stream().mapToDouble(cycle -> cycle[1]).sum();
    idleShare = waiting / Math.max(waiting + busy, 1e-9);
    secondsPerUpdate = busy / cycles.size();
    rewardMean = meanReward;
    staleness = versionsBehind;
    last = summary;
    updates.incrementAndGet();
  }

  void position(long version, long consumed) {
    policyVersion = version;
    consumedGroups = consumed;
  }

  void rebuilt() {
    rebuilt.incrementAndGet();
  }

  void recognised() {
    recognised.incrementAndGet();
  }

  /**
   * Seconds of one update by stage.
   *
   * @param waiting without anything to learn
   * @param hashing the weights, for the ledger
   * @param publishing the policy to the store
   * @param recording what it took to announce and record the update before, which is known now
   */
  record Timing(
      double waiting, double learning, double hashing, double publishing, double recording) {
    double busy() {
      return learning + hashing + publishing + recording;
    }
  }

  /** The value below which {@code share} of the values lie, nearest rank; 0 of none. */
  static double quantile(long[] values, double share) {
    if (values.length == 0) {
      return 0;
    }
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }

  public UpdateSummary last() {
    return last;
  }

  public double secondsPerUpdate() {
    return secondsPerUpdate;
  }

  public double idleShare() {
    return idleShare;
  }

  public double rewardMean() {
    return rewardMean;
  }

  /** p50, p95 and maximum of the last update's groups. */
  public double[] staleness() {
    return staleness.clone();
  }

  public long policyVersion() {
    return policyVersion;
  }

  public long updates() {
    return updates.get();
  }

  /** Updates that were computed again after a restart and gave the hash of the ledger. */
  public long recognisedUpdates() {
    return recognised.get();
  }

  /** Trainer states that were damaged in the store and computed again from the tape. */
  public long rebuiltStates() {
    return rebuilt.get();
  }

  public long consumedGroups() {
    return consumedGroups;
  }
}
