package io.couplet.sandbox;

/** Exit statuses of a worker that say whose fault its end was; the judge uses the same numbers. */
final class WorkerExit {
  /** The judge could not get out of handling a value (out of memory, stack exhausted). */
  static final int OVERWHELMED = 76;

  /** The judge used up the processor time of a case inside one uninterruptible operation. */
  static final int STUCK = 128 + 27;

  private WorkerExit() {}

  static boolean causedByProgram(int status) {
    return status == OVERWHELMED || status == STUCK;
  }
}
