package io.couplet.config;

/** Baseline of the advantage (algorithms, section 4.2). */
public enum AdvantageKind {
  MEAN,
  LEAVE_ONE_OUT
}
