package io.couplet.rollout;

import io.couplet.schemas.Policy;

/** Which announcement of a policy counts. */
final class LatestPolicy {
  private LatestPolicy() {}

  /**
   * The newer of two announcements. What a fenced learner still says (a smaller fence) is void; a
   * learner that resumed announces old versions again, which are the same policies.
   *
   * @param known null before the first announcement
   */
  static Policy of(Policy known, Policy announced) {
    if (known == null) {
      return announced;
    }
    if (stale(known, announced) || announced.getVersion() < known.getVersion()) {
      return known;
    }
    return announced;
  }

  /** Whether an announcement comes from a learner that another one has replaced. */
  static boolean stale(Policy known, Policy announced) {
    return known != null && announced.getFence() < known.getFence();
  }
}
