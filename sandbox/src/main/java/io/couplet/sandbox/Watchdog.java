package io.couplet.sandbox;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts on what takes far too long. One thread looks at all of it twice a second: a timer for each
 * judged program would wake a thread, now or when it has long been cancelled, as often as programs
 * are judged. Thread-safe.
 */
final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long LOOK_EVERY_MS = 500;

  private final ScheduledExecutorService thread;
  private final Map<Watch, Long> deadlines = new ConcurrentHashMap<>();

  Watchdog() {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, SandboxPool.THREADS + "watchdog");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.scheduleWithFixedDelay(this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  /** Something being watched, until it is closed. */
  final class Watch implements AutoCloseable {
    private final Runnable overrun;

    private Watch(Runnable overrun) {
      this.overrun = overrun;
    }

    @Override
    public void close() {
      deadlines.remove(this);
    }
  }

  /**
   * Watches from now on.
   *
   * @param overrun is run once when the limit has passed, at most half a second late
   */
  Watch watch(long limitMs, Runnable overrun) {
    Watch watch = new Watch(overrun);
    deadlines.put(watch, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs));
    return watch;
  }

  private void look() {
    long now = System.nanoTime();
    deadlines.forEach(
        (watch, deadline) -> {
          if (now - deadline >= 0 && deadlines.remove(watch) != null) {
            act(watch);
          }
        });
  }

  /** An action that fails must not end the watch over the others. */
  private static void act(Watch watch) {
    try {
      watch.overrun.run();
    } catch (RuntimeException e) {
      LOG.error("What was due after a time limit failed", e);
    }
  }

  /** Watches nothing any more. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
