package io.couplet.rollout;

import io.couplet.worker.GenerateOutcome;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.WorkerClient;
import io.couplet.worker.v1.DescribeResponse;
import io.couplet.worker.v1.GenerateRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The workers as one: picks the least busy one whose circuit is closed, and keeps each one's
 * circuit. A worker whose circuit is open gets one trial after its pause, and only if it says that
 * it is serving. Thread-safe.
 */
final class WorkerFleet implements AutoCloseable {
  private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(2);

  private static final class Member {
    final WorkerClient client;
    final CircuitBreaker circuit;
    int inFlight;

    Member(WorkerClient client, CircuitBreaker circuit) {
      this.client = client;
      this.circuit = circuit;
    }
  }

  private final List<Member> members;
  private final LongSupplier nanos;
  private int turn;

  /**
   * @param clients owned and closed by the fleet; at least one
   * @param nanos monotonic clock
   */
  WorkerFleet(List<WorkerClient> clients, int failuresToOpen, Duration pause, LongSupplier nanos) {
    if (clients.isEmpty()) {
      throw new IllegalArgumentException(
          "The rollout job needs at least one worker; set workers.endpoints to host:port of each");
    }
    this.nanos = nanos;
    members =
        clients.stream()
            .map(client -> new Member(client, new CircuitBreaker(failuresToOpen, pause.toNanos())))
            .toList();
  }

  int size() {
    return members.size();
  }

  /**
   * Sends a group to the best worker there is, if possible to one that is not in {@code tried};
   * empty when every circuit is open and none grants a trial now.
   */
  Optional<CompletableFuture<GenerateOutcome>> generate(
      GenerateRequest request, Duration deadline, Set<WorkerAddress> tried) {
    Member member;
    boolean trial;
    synchronized (this) {
      Optional<Member> free = leastBusy(tried).or(() -> leastBusy(Set.of()));
      Optional<Member> picked = free.or(this::trial);
      if (picked.isEmpty()) {
        return Optional.empty();
      }
      member = picked.get();
      trial = free.isEmpty();
      member.inFlight++;
    }
    CompletableFuture<GenerateOutcome> call =
        trial ? trial(member, request, deadline) : member.client.generate(request, deadline);
    return Optional.of(call.whenComplete((outcome, thrown) -> settle(member, outcome)));
  }

  /** A worker that has failed is asked for its health first: a hung one would cost a deadline. */
  private static CompletableFuture<GenerateOutcome> trial(
      Member member, GenerateRequest request, Duration deadline) {
    return member
        .client
        .serving(HEALTH_PATIENCE)
        .thenCompose(
            serving ->
                serving
                    ? member.client.generate(request, deadline)
                    : CompletableFuture.completedFuture(
                        new Failed(
                            Reason.UNAVAILABLE,
                            member.client.address(),
                            "The worker is not serving")));
  }

  private Optional<Member> leastBusy(Set<WorkerAddress> excluded) {
    // Ties go around, so that idle workers share what comes one at a time.
    int first = Math.floorMod(turn++, members.size());
    Comparator<Member> order =
        Comparator.<Member>comparingInt(member -> member.inFlight)
            .thenComparingInt(
                member -> Math.floorMod(members.indexOf(member) - first, members.size()));
    return members.stream()
        .filter(member -> member.circuit.closed())
        .filter(member -> !excluded.contains(member.client.address()))
        .min(order);
  }

  private Optional<Member> trial() {
    long now = nanos.getAsLong();
    return members.stream().filter(member -> member.circuit.tryOnce(now)).findFirst();
  }

  private synchronized void settle(Member member, GenerateOutcome outcome) {
    member.inFlight--;
    if (outcome instanceof Failed failed) {
      switch (failed.reason()) {
        case UNAVAILABLE, DEADLINE, WRONG_POLICY, GARBAGE, WORKER_ERROR ->
            member.circuit.failed(nanos.getAsLong());
        // Not the worker's fault: the request's, the policy's, or the load's.
        case INVALID_REQUEST, POLICY_UNAVAILABLE, OVERLOADED -> member.circuit.inconclusive();
      }
    } else if (outcome != null) {
      member.circuit.succeeded();
    } else {
      member.circuit.failed(nanos.getAsLong());
    }
  }

  /** Workers that nothing is sent to for now. */
  synchronized int openCircuits() {
    return (int) members.stream().filter(member -> !member.circuit.closed()).count();
  }

  /** What the workers say of themselves; those that do not answer are left out. */
  CompletableFuture<List<DescribeResponse>> describe() {
    List<CompletableFuture<Optional<DescribeResponse>>> answers =
        members.stream()
            .map(
                member ->
                    member
                        .client
                        .describe(HEALTH_PATIENCE)
                        .thenApply(Optional::of)
                        .exceptionally(away -> Optional.empty()))
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                answers.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList());
  }

  @Override
  public void close() {
    members.forEach(member -> member.client.close());
  }
}
