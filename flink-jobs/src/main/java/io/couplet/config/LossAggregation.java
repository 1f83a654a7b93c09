package io.couplet.config;

/** How token losses become the loss of an update. */
public enum LossAggregation {
  TOKEN_MEAN,
  SEQUENCE_MEAN
}
