package io.couplet.learning;

import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A named thread that does one piece of work after the other. Work that has begun always ends: it
 * reads and writes memory that its owner frees once {@link #settle} or {@link #close} has returned,
 * and engine calls do not heed interrupts.
 */
final class WorkThread implements AutoCloseable {
  private static final long CLOSE_SECONDS = 60;

  private final ExecutorService executor;

  WorkThread(String name) {
    executor =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, name);
              made.setDaemon(true);
              return made;
            });
  }

  void execute(Runnable work) {
    executor.execute(work);
  }

  /** Returns when everything handed over so far has been done. */
  void settle() {
    result(executor.submit(() -> {}));
  }

  /** Waits for a result, also when interrupted; throws what the work has thrown. */
  static <T> T result(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true; // an engine call takes a moment and is not left half done
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Drops what has not begun and returns when what has is done. */
  @Override
  public void close() {
    for (Runnable left : new ArrayList<>(executor.shutdownNow())) {
      ((Future<?>) left).cancel(false);
    }
    boolean interrupted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    while (!executor.isTerminated()) {
      try {
        if (!executor.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new IllegalStateException(
              "Work of the learner has not ended within " + CLOSE_SECONDS + " s of being told to");
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
