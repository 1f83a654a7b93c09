package io.couplet.timers;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.clock.Clock;

/**
 * A machine whose clock can be set while its time goes on. Timers are those of Flink's own service:
 * a time of the clock becomes a delay when a timer is registered, and the delay is waited for.
 */
public final class MachineClock implements ProcessingTimeService {
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong((Timer timer) -> timer.due));
  private long steady = 1_000_000;
  private long offset = 500_000_000;

  /** Time that has gone by, whatever the clock says, ms. */
  public long steadyMillis() {
    return steady;
  }

  /** Somebody sets the clock. */
  public void set(long byMillis) {
    offset += byMillis;
  }

  /** Time goes by; timers that become due fire. */
  public void pass(long millis) throws Exception {
    long until = steady + millis;
    while (!timers.isEmpty() && timers.peek().due <= until) {
      Timer timer = timers.poll();
      steady = Math.max(steady, timer.due);
      timer.callback.onProcessingTime(timer.time);
    }
    steady = until;
  }

  @Override
  public long getCurrentProcessingTime() {
    return steady + offset;
  }

  @Override
  public ScheduledFuture<?> registerTimer(long time, ProcessingTimeCallback callback) {
    Timer timer =
        new Timer(time, steady + Math.max(0, time - getCurrentProcessingTime()), callback);
    timers.add(timer);
    return timer;
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      ProcessingTimeCallback callback, long initialDelay, long period) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      ProcessingTimeCallback callback, long initialDelay, long period) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Clock getClock() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Void> quiesce() {
    return CompletableFuture.completedFuture(null);
  }

  private final class Timer extends CompletableFuture<Void> implements ScheduledFuture<Void> {
    private final long time;
    private final long due;
    private final ProcessingTimeCallback callback;

    Timer(long time, long due, ProcessingTimeCallback callback) {
      this.time = time;
      this.due = due;
      this.callback = callback;
    }

    @Override
    public boolean cancel(boolean interrupt) {
      timers.remove(this);
      return super.cancel(interrupt);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - steady, TimeUnit.MILLISECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
