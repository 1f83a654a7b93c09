package io.couplet.learner;

/** What the tape rules say about a record of the tape. */
public sealed interface TapeDecision {
  /** The group takes part in an update that is not full yet. */
  record Pending() implements TapeDecision {}

  /**
   * The record takes no part.
   *
   * @param paysCredit whether it counts as consumed; a duplicate was counted before
   */
  record Skip(TapeDrop drop, boolean paysCredit) implements TapeDecision {}

  /** The group completes an update; {@link TapeRules#updated} must follow. */
  record Update(TapeBatch batch) implements TapeDecision {}
}
