package io.couplet.advantage;

import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.SourceInForce;
import java.util.List;

/**
 * The sources that a group waits for: the required ones, or, where none is required, the optional
 * ones, since a group that nobody rewards could never be used.
 */
final class HoldingSources {
  private HoldingSources() {}

  static List<SourceInForce> of(GroupProgress group) {
    List<SourceInForce> required =
        group.getSources().stream().filter(SourceInForce::getRequired).toList();
    return required.isEmpty() ? group.getSources() : required;
  }

  /** Every holding source has spoken about every sample, or its deadline is over. */
  static boolean allDone(GroupProgress group) {
    return of(group).stream().allMatch(source -> isDone(group, source));
  }

  /** Milliseconds after the last rollout at which the next unfinished source expires. */
  static long nextDeadlineMs(GroupProgress group) {
    return of(group).stream()
        .filter(source -> !isDone(group, source))
        .mapToLong(SourceInForce::getDeadlineMs)
        .min()
        .orElseThrow();
  }

  /** The source's deadline is over: what it has not said by now is missing. */
  static void expire(GroupProgress group, SourceInForce source) {
    if (isDone(group, source)) {
      return;
    }
    source.setExpired(true);
    if (source.getRequired() && group.getIncompleteBecause() == null) {
      group.setIncompleteBecause("DEADLINE:" + source.getName());
    }
  }

  private static boolean isDone(GroupProgress group, SourceInForce source) {
    return source.getExpired() || source.getAnswered().containsAll(group.getArrived());
  }
}
