package io.couplet.advantage;

import java.io.Serializable;

/** Where the advantage job reads {@link SteadyTime}; one instance lives as long as its operator. */
@FunctionalInterface
public interface SteadyClock {
  SteadyTime now();

  /** Makes a clock of a new incarnation when an operator opens. */
  @FunctionalInterface
  interface Factory extends Serializable {
    SteadyClock create();
  }

  /**
   * The JVM's monotonic clock. The incarnation is the wall clock at creation, in nanoseconds of
   * that JVM's monotonic clock mixed in, so that two operators practically never share one.
   */
  static SteadyClock system() {
    long origin = System.nanoTime();
    long incarnation = System.currentTimeMillis() * 1_000_003L ^ origin;
    return () -> new SteadyTime(incarnation, (System.nanoTime() - origin) / 1_000_000L);
  }
}
