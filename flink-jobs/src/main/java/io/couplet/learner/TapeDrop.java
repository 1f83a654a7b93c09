package io.couplet.learner;

/**
 * A record of the tape that took no part in an update.
 *
 * @param reason ZERO_VARIANCE, STALE, DROPPED:..., DUPLICATE or INVALID:...
 */
public record TapeDrop(String group, long offset, String reason) {}
