package io.couplet.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * One version on its way through the problems: a few of them at a time for each worker, so that
 * rollouts keep the workers, and more once it hurries. Thread-safe.
 */
final class VersionEvaluation {
  /** Problems at a time for each worker. */
  static final int LANES = 12;

  /** The same once other versions wait. */
  static final int LANES_IN_A_HURRY = 24;

  private final long begun = System.nanoTime();
  private final int problems;
  private final int workers;
  private final Step step;
  private final Executor executor;
  private final AtomicReferenceArray<ProblemTally> tallies;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left;
  private final AtomicBoolean hurries = new AtomicBoolean();
  private final CompletableFuture<VersionOutcome> outcome = new CompletableFuture<>();

  /** Generates for one problem and judges what came. */
  @FunctionalInterface
  interface Step {
    /**
     * @return fails with {@link PolicyGoneException} when the rest of the problems would, too
     */
    CompletableFuture<ProblemTally> tally(int problem, int worker);
  }

  private VersionEvaluation(int problems, int workers, Step step, Executor executor) {
    this.problems = problems;
    this.workers = workers;
    this.step = step;
    this.executor = executor;
    this.tallies = new AtomicReferenceArray<>(problems);
    this.left = new AtomicInteger(problems);
  }

  /**
   * Begins with the first problems.
   *
   * @param problems how many, at least 1
   * @param workers how many, at least 1
   * @param executor takes up the next problem when one is done
   */
  static VersionEvaluation start(int problems, int workers, Step step, Executor executor) {
    VersionEvaluation evaluation = new VersionEvaluation(problems, workers, step, executor);
    evaluation.open(LANES);
    return evaluation;
  }

  CompletableFuture<VersionOutcome> outcome() {
    return outcome;
  }

  /** Takes up more problems at a time. */
  void hurry() {
    if (hurries.compareAndSet(false, true)) {
      open(LANES_IN_A_HURRY - LANES);
    }
  }

  private void open(int lanes) {
    for (int lane = 0; lane < lanes * workers; lane++) {
      takeNext(lane % workers);
    }
  }

  private void takeNext(int worker) {
    if (outcome.isDone()) {
      return;
    }
    int problem = next.getAndIncrement();
    if (problem >= problems) {
      return;
    }
    begin(problem, worker)
        .whenComplete(
            (tally, thrown) -> {
              if (thrown == null) {
                tallied(problem, tally);
              } else {
                failed(thrown instanceof CompletionException ? thrown.getCause() : thrown);
              }
              // Through the executor: a chain of answers would deepen the stack.
              executor.execute(() -> takeNext(worker));
            });
  }

  private CompletableFuture<ProblemTally> begin(int problem, int worker) {
    try {
      return step.tally(problem, worker);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void tallied(int problem, ProblemTally tally) {
    tallies.set(problem, tally);
    if (left.decrementAndGet() == 0) {
      List<ProblemTally> all = new ArrayList<>();
      for (int i = 0; i < problems; i++) {
        all.add(tallies.get(i));
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      outcome.complete(new VersionOutcome.Evaluated(all, seconds));
    }
  }

  private void failed(Throwable cause) {
    if (cause instanceof PolicyGoneException) {
      outcome.complete(new VersionOutcome.PolicyGone(cause.getMessage()));
    } else {
      outcome.completeExceptionally(cause);
    }
  }
}
