package io.couplet.rollout;

import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.v1.DescribeResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;

/** Metric group {@code couplet.rollouts}. Thread-safe: answers come on the client's threads. */
final class RolloutMeter {
  private final ThreadSafeSimpleCounter rollouts = new ThreadSafeSimpleCounter();
  private final ThreadSafeSimpleCounter tokens = new ThreadSafeSimpleCounter();
  private final ThreadSafeSimpleCounter denoisingSteps = new ThreadSafeSimpleCounter();
  private final ThreadSafeSimpleCounter failures = new ThreadSafeSimpleCounter();
  private final ThreadSafeSimpleCounter retries = new ThreadSafeSimpleCounter();
  private final ThreadSafeSimpleCounter deadlines = new ThreadSafeSimpleCounter();
  private final ThreadSafeSimpleCounter rejected = new ThreadSafeSimpleCounter();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile double busyShare;
  private volatile int workersUp;
  private volatile long firstUseMs = -1;
  private volatile long newestVersion = -1;

  /** Shows everything in the group {@code couplet.rollouts} of an operator. */
  void register(MetricGroup operator, WorkerFleet fleet) {
    MetricGroup group = operator.addGroup("couplet").addGroup("rollouts");
    group.counter("rollouts", rollouts);
    group.counter("tokens", tokens);
    group.counter("denoisingSteps", denoisingSteps);
    group.counter("failures", failures);
    group.counter("retries", retries);
    group.counter("retriesAfterDeadline", deadlines);
    group.counter("answersRejected", rejected);
    group.meter("rolloutsPerSecond", new MeterView(rollouts));
    group.meter("tokensPerSecond", new MeterView(tokens));
    group.meter("denoisingStepsPerSecond", new MeterView(denoisingSteps));
    group.gauge("groupsInFlight", (Gauge<Integer>) inFlight::get);
    group.gauge("openCircuits", (Gauge<Integer>) fleet::openCircuits);
    group.gauge("workerBusyShare", (Gauge<Double>) () -> busyShare);
    group.gauge("workersUp", (Gauge<Integer>) () -> workersUp);
    group.gauge("policyVersion", (Gauge<Long>) () -> newestVersion);
    group.gauge("policyFirstUseMs", (Gauge<Long>) () -> firstUseMs);
  }

  void started() {
    inFlight.incrementAndGet();
  }

  void ended() {
    inFlight.decrementAndGet();
  }

  /** The operator's thread calls a worker for a group; the first one of a version is timed. */
  void calling(AdmittedGroup group) {
    if (group.policyVersion() > newestVersion) {
      newestVersion = group.policyVersion();
      firstUseMs = Math.max(0, System.currentTimeMillis() - group.announcedMs());
    }
  }

  void retried(Reason reason) {
    retries.inc();
    switch (reason) {
      case DEADLINE -> deadlines.inc();
      case WRONG_POLICY, GARBAGE -> rejected.inc();
      default -> {}
    }
  }

  /**
   * @param length completion tokens of each member
   * @param steps denoising steps of the group
   */
  void generated(int members, int length, int steps) {
    rollouts.inc(members);
    tokens.inc((long) members * length);
    denoisingSteps.inc(steps);
  }

  void failed(int members) {
    failures.inc(members);
  }

  void described(List<DescribeResponse> workers) {
    workersUp = workers.size();
    busyShare = workers.stream().mapToDouble(DescribeResponse::getBusyShare).average().orElse(0);
  }
}
