package io.couplet.learning;

/** How token losses become the loss of an update. */
public enum LossAggregation {
  /** Every token of the update batch counts the same. */
  TOKEN_MEAN,
  /** Every sequence of the update batch counts the same, and within it every token. */
  SEQUENCE_MEAN
}
