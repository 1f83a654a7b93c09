package io.couplet.sandbox;

/** How one test case ended. */
public enum CaseOutcome {
  PASSED,
  FAILED,
  TIMEOUT,
  /** Not run, because an earlier case ran out of time under {@link OnTimeout#COMPLETION}. */
  SKIPPED
}
