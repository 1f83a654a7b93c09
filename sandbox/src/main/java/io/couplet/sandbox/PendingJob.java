package io.couplet.sandbox;

import java.util.concurrent.CompletableFuture;

/** A job on its way through the pool, and how often it took a worker down with it. */
final class PendingJob {
  final SandboxJob job;
  final CompletableFuture<Verdict> verdict = new CompletableFuture<>();
  private int workersKilled;
  private int workersLost;

  PendingJob(SandboxJob job) {
    this.job = job;
  }

  int killedAnotherWorker() {
    return ++workersKilled;
  }

  int lostAnotherWorker() {
    return ++workersLost;
  }
}
