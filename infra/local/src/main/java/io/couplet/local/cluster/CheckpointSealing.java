package io.couplet.local.cluster;

import io.couplet.submission.RetainedCheckpoints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the checkpoints of the jobs soon after they have completed, on a thread of its own. One
 * that the process did not live to seal is used without. Thread-safe.
 */
final class CheckpointSealing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointSealing.class);
  private static final long EVERY_MS = 1_000;

  private final List<RetainedCheckpoints> ofJobs = new ArrayList<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "checkpoint-sealing");
            thread.setDaemon(true);
            return thread;
          });

  CheckpointSealing() {
    clock.scheduleWithFixedDelay(this::seal, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  synchronized void add(RetainedCheckpoints ofJob) {
    ofJobs.add(ofJob);
  }

  /** Seals what has completed by now. */
  synchronized void seal() {
    for (RetainedCheckpoints checkpoints : ofJobs) {
      try {
        checkpoints.seal();
      } catch (IOException | RuntimeException e) {
        LOG.warn("Checkpoints are not sealed now: {}", e.toString());
      }
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
