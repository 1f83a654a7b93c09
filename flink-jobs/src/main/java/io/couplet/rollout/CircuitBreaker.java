package io.couplet.rollout;

/**
 * Spares a worker that fails again and again: after so many failures in a row nothing is sent to it
 * for a while, then one trial; its outcome closes or opens the circuit again. Times are monotonic
 * nanoseconds, given by the caller. Not thread-safe.
 */
final class CircuitBreaker {
  private final int failuresToOpen;
  private final long pauseNanos;
  private int failures;
  private long openUntil;
  private boolean trying;

  CircuitBreaker(int failuresToOpen, long pauseNanos) {
    this.failuresToOpen = failuresToOpen;
    this.pauseNanos = pauseNanos;
  }

  /** Whether calls flow freely. */
  boolean closed() {
    return failures < failuresToOpen;
  }

  /** Takes the one trial that an open circuit grants after its pause. */
  boolean tryOnce(long now) {
    if (closed() || trying || now - openUntil < 0) {
      return false;
    }
    trying = true;
    return true;
  }

  void succeeded() {
    failures = 0;
    trying = false;
  }

  void failed(long now) {
    failures++;
    trying = false;
    if (!closed()) {
      openUntil = now + pauseNanos;
    }
  }

  /** The call said nothing about the worker's health (its queue was full, say). */
  void inconclusive() {
    trying = false;
  }
}
