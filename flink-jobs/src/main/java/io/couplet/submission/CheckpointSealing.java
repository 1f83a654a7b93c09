package io.couplet.submission;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the checkpoints of one job when asked to, on a thread of its own that ends when there is
 * nothing to do. Whatever happens there is told to the log and to nobody else: a job neither waits
 * for a seal nor fails with it. A checkpoint that the process did not live to seal gets its seal
 * with the next one of its job, and is used without meanwhile. Thread-safe.
 */
final class CheckpointSealing {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointSealing.class);
  private static final long IDLE_MS = 100;

  private final RetainedCheckpoints checkpoints;

  /** At most one request waits beside the one that is served, since each serves all. */
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_MS,
          TimeUnit.MILLISECONDS,
          new LinkedBlockingQueue<>(1),
          task -> {
            Thread thread = new Thread(task, "checkpoint-sealing");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  CheckpointSealing(RetainedCheckpoints checkpoints) {
    this.checkpoints = checkpoints;
    thread.allowCoreThreadTimeOut(true);
  }

  /** Asks for seals of all complete checkpoints that have none; returns at once. */
  void request() {
    thread.execute(this::seal);
  }

  private void seal() {
    try {
      checkpoints.seal();
    } catch (IOException | RuntimeException | LinkageError e) {
      // The job's classes are gone when it has ended meanwhile.
      LOG.warn("Checkpoints are not sealed now: {}", e.toString());
    }
  }
}
