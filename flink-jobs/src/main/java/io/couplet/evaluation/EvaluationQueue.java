package io.couplet.evaluation;

import io.couplet.policy.PolicyReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Versions in the order of their arrival, one at a time; the one that is evaluated hurries while
 * another waits. Thread-safe.
 */
final class EvaluationQueue {
  private final Function<PolicyReference, VersionEvaluation> evaluations;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private VersionEvaluation current;
  private boolean busy;

  /**
   * @param evaluations starts the evaluation of a version
   */
  EvaluationQueue(Function<PolicyReference, VersionEvaluation> evaluations) {
    this.evaluations = evaluations;
  }

  private record Waiting(PolicyReference policy, CompletableFuture<VersionOutcome> outcome) {}

  CompletableFuture<VersionOutcome> submit(PolicyReference policy) {
    CompletableFuture<VersionOutcome> outcome = new CompletableFuture<>();
    synchronized (this) {
      waiting.addLast(new Waiting(policy, outcome));
      if (busy) {
        if (current != null) {
          current.hurry();
        }
        return outcome;
      }
      busy = true;
    }
    beginNext();
    return outcome;
  }

  private void beginNext() {
    Waiting next;
    VersionEvaluation begun;
    synchronized (this) {
      current = null;
      next = waiting.pollFirst();
      if (next == null) {
        busy = false;
        return;
      }
      begun = evaluations.apply(next.policy());
      current = begun;
      if (!waiting.isEmpty()) {
        begun.hurry();
      }
    }
    begun
        .outcome()
        .whenComplete(
            (outcome, thrown) -> {
              if (thrown != null) {
                next.outcome().completeExceptionally(thrown);
              } else {
                next.outcome().complete(outcome);
              }
              beginNext();
            });
  }
}
