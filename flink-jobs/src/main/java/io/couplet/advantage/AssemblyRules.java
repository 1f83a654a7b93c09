package io.couplet.advantage;

import io.couplet.config.AdvantageKind;
import io.couplet.config.GroupsSection;
import io.couplet.config.IncompleteGroups;
import java.io.Serializable;

/**
 * What {@link GroupAssembly} goes by.
 *
 * @param mostMembers members that a group may have, whoever wrote its rollouts
 * @param incomplete what becomes of a group that lacks members or required rewards
 * @param memberDeadlineMs how long a group waits for its members after the first one
 * @param heldMs how long rewards wait for the first rollout of their group
 * @param rememberMs how long a closed group is remembered, so that duplicates do not reopen it
 * @param scale divide advantages by the standard deviation of the rewards
 */
public record AssemblyRules(
    int mostMembers,
    IncompleteGroups incomplete,
    long memberDeadlineMs,
    long heldMs,
    long rememberMs,
    AdvantageKind advantage,
    boolean scale)
    implements Serializable {
  /** Longer than any restart replays, short enough to keep the state small. */
  private static final long REMEMBER_MS = 6 * 3_600_000L;

  /** Groups that others write need not have the run's size, but a size that can be held. */
  private static final int MOST_MEMBERS = 1_024;

  public AssemblyRules {
    if (mostMembers < 1) {
      throw new IllegalArgumentException("A group must have a member, not " + mostMembers);
    }
    if (memberDeadlineMs < 1 || heldMs < 1 || rememberMs < 1) {
      throw new IllegalArgumentException(
          "Deadlines must be at least 1 ms, not "
              + memberDeadlineMs
              + ", "
              + heldMs
              + " and "
              + rememberMs);
    }
  }

  public static AssemblyRules of(GroupsSection groups) {
    return new AssemblyRules(
        Math.max(MOST_MEMBERS, groups.size()),
        groups.incomplete(),
        groups.deadlineMs(),
        groups.deadlineMs(),
        REMEMBER_MS,
        groups.advantage(),
        groups.scaleRewards());
  }
}
