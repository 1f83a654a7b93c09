package io.couplet.config;

/** What a test case that runs out of time costs. */
public enum OnTimeout {
  CASE,
  COMPLETION
}
