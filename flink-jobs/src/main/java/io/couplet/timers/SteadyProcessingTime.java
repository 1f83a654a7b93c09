package io.couplet.timers;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.function.LongSupplier;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.clock.Clock;

/**
 * Processing time that starts with the machine's clock and then goes on with a monotonic one.
 * Flink's own follows the machine's clock: when that is set back, a timer that is due in a second
 * by then waits for hours as soon as another one has been set, and a clock that is set forward lets
 * all of them fire at once. Thread-safe as the service below it is.
 */
public final class SteadyProcessingTime implements ProcessingTimeService {
  private final ProcessingTimeService machine;
  private final LongSupplier steadyMillis;
  private final long origin;

  /**
   * @param machine what Flink gives an operator
   * @param steadyMillis milliseconds of a clock that never jumps
   */
  public SteadyProcessingTime(ProcessingTimeService machine, LongSupplier steadyMillis) {
    this.machine = machine;
    this.steadyMillis = steadyMillis;
    this.origin = machine.getCurrentProcessingTime() - steadyMillis.getAsLong();
  }

  @Override
  public long getCurrentProcessingTime() {
    return origin + steadyMillis.getAsLong();
  }

  @Override
  public ScheduledFuture<?> registerTimer(long time, ProcessingTimeCallback callback) {
    long delay = Math.max(0, time - getCurrentProcessingTime());
    // The service below turns this into a delay at once and waits for that.
    return machine.registerTimer(
        machine.getCurrentProcessingTime() + delay, machineTime -> callback.onProcessingTime(time));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      ProcessingTimeCallback callback, long initialDelay, long period) {
    return machine.scheduleAtFixedRate(callback, initialDelay, period);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      ProcessingTimeCallback callback, long initialDelay, long period) {
    return machine.scheduleWithFixedDelay(callback, initialDelay, period);
  }

  @Override
  public Clock getClock() {
    Clock below = machine.getClock();
    return new Clock() {
      @Override
      public long absoluteTimeMillis() {
        return getCurrentProcessingTime();
      }

      @Override
      public long relativeTimeMillis() {
        return below.relativeTimeMillis();
      }

      @Override
      public long relativeTimeNanos() {
        return below.relativeTimeNanos();
      }
    };
  }

  @Override
  public CompletableFuture<Void> quiesce() {
    return machine.quiesce();
  }
}
