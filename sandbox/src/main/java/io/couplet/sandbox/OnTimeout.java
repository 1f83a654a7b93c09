package io.couplet.sandbox;

/** What a case that runs out of time costs. */
public enum OnTimeout {
  /** The case fails; the other cases are run and counted. */
  CASE,
  /** The whole completion scores 0 and the remaining cases are skipped. */
  COMPLETION
}
