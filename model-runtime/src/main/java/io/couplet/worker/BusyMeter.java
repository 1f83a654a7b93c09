package io.couplet.worker;

import java.util.Arrays;
import java.util.function.LongSupplier;

/** Share of the last ten seconds that was spent working. Thread-safe. */
final class BusyMeter {
  private static final long SECOND = 1_000_000_000L;
  private static final int WINDOW = 10;

  private final LongSupplier nanoTime;
  private final long origin;
  private final long[] busy = new long[WINDOW]; // nanoseconds in each second, a ring
  private long newest; // second that busy[newest % WINDOW] is of

  BusyMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    origin = nanoTime.getAsLong();
  }

  /** Records work from {@code start} (a reading of the same clock) until now. */
  synchronized void workedSince(long start) {
    long from = start - origin;
    long now = nanoTime.getAsLong() - origin;
    advance(now);
    for (long second = Math.max(from / SECOND, newest - WINDOW + 1); second <= newest; second++) {
      long begin = Math.max(from, second * SECOND);
      long end = Math.min(now, (second + 1) * SECOND);
      busy[(int) (second % WINDOW)] += Math.max(0, end - begin);
    }
  }

  /** In [0, 1]; of the time since the start while that is shorter than the window. */
  synchronized double share() {
    long now = nanoTime.getAsLong() - origin;
    advance(now);
    long window = Math.min(now, (WINDOW - 1) * SECOND + now % SECOND);
    return window == 0 ? 0 : Math.min(1, Arrays.stream(busy).sum() / (double) window);
  }

  private void advance(long now) {
    long second = now / SECOND;
    for (long empty = Math.max(newest + 1, second - WINDOW + 1); empty <= second; empty++) {
      busy[(int) (empty % WINDOW)] = 0;
    }
    newest = Math.max(newest, second);
  }
}
