package io.couplet.learner;

import java.util.List;

/**
 * What one update is computed from.
 *
 * @param step number of the update, from 1
 * @param versionIn policy version that the update starts from
 * @param groups B usable groups in tape order
 * @param drops records read since the previous update that took no part
 * @param firstOffset first tape offset read for this update
 * @param lastOffset last tape offset read for this update
 * @param consumedGroups groups that the learner is done with, this update's included
 */
public record TapeBatch(
    long step,
    long versionIn,
    List<TapeGroup> groups,
    List<TapeDrop> drops,
    long firstOffset,
    long lastOffset,
    long consumedGroups) {
  public TapeBatch {
    groups = List.copyOf(groups);
    drops = List.copyOf(drops);
  }

  /** Versions that a group's oldest sample is behind the policy it trains, in tape order. */
  public long[] staleness() {
    return groups.stream().mapToLong(g -> versionIn - g.group().getMinPolicyVersion()).toArray();
  }
}
