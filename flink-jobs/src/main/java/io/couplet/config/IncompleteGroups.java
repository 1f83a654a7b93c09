package io.couplet.config;

/**
 * What happens to a group that misses rollouts or required rewards at its deadline. Never a zero.
 */
public enum IncompleteGroups {
  DROP,
  PARTIAL
}
