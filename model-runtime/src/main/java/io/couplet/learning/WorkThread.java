package io.couplet.learning;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A named daemon thread that does one piece of work after the other. Work that has begun always
 * ends before {@link #close} returns: it reads and writes memory that its owner frees then, and
 * engine calls do not heed interrupts. Thread-safe.
 */
public final class WorkThread implements AutoCloseable {
  private static final long CLOSE_SECONDS = 60;

  private final String name;
  private final ExecutorService executor;

  public WorkThread(String name) {
    this.name = name;
    executor =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Work whose failures are its own matter: nobody waits for it. */
  public void execute(Runnable work) {
    executor.execute(work);
  }

  /** Work that somebody waits for. */
  public <T> Future<T> submit(Callable<T> work) {
    return executor.submit(work);
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

  /**
   * Interrupts what is under way, drops what has not begun, and returns when the thread has ended.
   * An interrupt of the caller does not shorten that.
   *
   * @throws IllegalStateException it has not ended within a minute
   */
  @Override
  public void close() {
    for (Runnable left : new ArrayList<>(executor.shutdownNow())) {
      if (left instanceof Future<?> result) {
        result.cancel(false);
      }
    }
    boolean interrupted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    while (!executor.isTerminated()) {
      try {
        if (!executor.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new IllegalStateException(
              "Thread " + name + " has not ended within " + CLOSE_SECONDS + " s of being told to");
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
