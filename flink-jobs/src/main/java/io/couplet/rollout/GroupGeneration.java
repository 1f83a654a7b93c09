package io.couplet.rollout;

import io.couplet.worker.GenerateOutcome;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.v1.GenerateRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets groups generated, whatever happens to the workers: each failure leads to the next worker
 * with the same request, and so the same seeds; an outage is waited out. Only what can never
 * succeed ends without samples: a request that the worker refuses as invalid, or a policy that no
 * worker could load for {@link Patience#policy}. Thread-safe.
 */
final class GroupGeneration {
  private static final Logger LOG = LoggerFactory.getLogger(GroupGeneration.class);
  private static final long FIRST_PAUSE_MS = 20;
  private static final long LONGEST_PAUSE_MS = 2_000;

  /**
   * @param deadline of one call
   * @param attempts calls in quick succession; after them the pauses grow
   * @param policy how long a policy may be unavailable everywhere
   */
  record Patience(Duration deadline, int attempts, Duration policy) {}

  /**
   * What became of a group.
   *
   * @param outcome samples, or a failure that no retry can mend
   * @param attempt calls before the last one
   * @param startedMs wall clock of the first call, for reports only
   */
  record Result(GenerateOutcome outcome, int attempt, long startedMs) {}

  private final WorkerFleet fleet;
  private final ScheduledExecutorService clock;
  private final Patience patience;
  private final RolloutMeter meter;

  GroupGeneration(
      WorkerFleet fleet, ScheduledExecutorService clock, Patience patience, RolloutMeter meter) {
    this.fleet = fleet;
    this.clock = clock;
    this.patience = patience;
    this.meter = meter;
  }

  /** The future completes normally, unless the fleet is closed under it: then never. */
  CompletableFuture<Result> generate(GenerateRequest request) {
    Group group = new Group(request);
    meter.started();
    group.result.whenComplete((result, thrown) -> meter.ended());
    group.call();
    return group.result;
  }

  /** One group on its way. One call is under way at a time, so the fields need no lock. */
  private final class Group {
    final GenerateRequest request;
    final CompletableFuture<Result> result = new CompletableFuture<>();
    final long startedMs = System.currentTimeMillis();
    final Set<WorkerAddress> tried = new HashSet<>();
    int failures;
    long policyMissingSince = -1;

    Group(GenerateRequest request) {
      this.request = request;
    }

    void call() {
      Optional<CompletableFuture<GenerateOutcome>> call =
          fleet.generate(request, patience.deadline(), tried);
      if (call.isEmpty()) {
        // Every circuit is open: wait without counting, the job stays as it is.
        later(LONGEST_PAUSE_MS / 10);
        return;
      }
      call.get()
          .whenComplete(
              (outcome, thrown) -> {
                if (thrown != null) {
                  result.completeExceptionally(thrown);
                } else {
                  answered(outcome);
                }
              });
    }

    void answered(GenerateOutcome outcome) {
      if (outcome instanceof Generated || beyondRetry(outcome)) {
        result.complete(new Result(outcome, failures, startedMs));
        return;
      }
      Failed failed = (Failed) outcome;
      failures++;
      meter.retried(failed.reason());
      LOG.warn(
          "Group {} call {}: worker {} failed ({}): {}",
          request.getGroup(),
          failures,
          failed.worker(),
          failed.reason(),
          failed.message());
      tried.add(failed.worker());
      boolean another = tried.size() < fleet.size();
      if (!another) {
        tried.clear();
        // The worker that has just failed comes last.
        tried.add(failed.worker());
      }
      later(another && failures < patience.attempts() ? 0 : pauseMs());
    }

    /** Whether no retry can mend it. */
    private boolean beyondRetry(GenerateOutcome outcome) {
      Failed failed = (Failed) outcome;
      if (failed.reason() == Reason.POLICY_UNAVAILABLE) {
        long now = System.nanoTime();
        policyMissingSince = policyMissingSince < 0 ? now : policyMissingSince;
        return now - policyMissingSince > patience.policy().toNanos();
      }
      policyMissingSince = -1;
      return !failed.reason().retryable();
    }

    private long pauseMs() {
      int doublings = Math.min(Math.max(0, failures - patience.attempts()), 10);
      return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << doublings);
    }

    private void later(long pauseMs) {
      try {
        clock.schedule(this::call, pauseMs, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("Group {} is left, the job is closing", request.getGroup(), e);
      }
    }
  }
}
