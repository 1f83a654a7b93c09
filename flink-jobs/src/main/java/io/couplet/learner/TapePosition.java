package io.couplet.learner;

import java.util.List;

/**
 * Where the tape rules stand between two records.
 *
 * @param step last update concluded, 0 before the first
 * @param version current policy version
 * @param consumedGroups groups the learner is done with
 * @param nextOffset first tape offset not yet read
 * @param firstOffset first tape offset read since the last update, -1 when none was
 * @param pending usable groups waiting for their update
 * @param drops records skipped since the last update
 * @param recentGroups group ids seen, oldest first
 */
public record TapePosition(
    long step,
    long version,
    long consumedGroups,
    long nextOffset,
    long firstOffset,
    List<TapeGroup> pending,
    List<TapeDrop> drops,
    List<String> recentGroups) {
  /** The beginning of a tape. */
  public static final TapePosition START =
      new TapePosition(0, 0, 0, 0, -1, List.of(), List.of(), List.of());
}
