package io.couplet.evaluation;

import java.util.List;

/** How the evaluation of one version ended. */
sealed interface VersionOutcome {
  /**
   * Every problem was asked about.
   *
   * @param tallies one for each problem, in their order
   * @param seconds from the first request to the last verdict
   */
  record Evaluated(List<ProblemTally> tallies, double seconds) implements VersionOutcome {
    public Evaluated {
      tallies = List.copyOf(tallies);
    }
  }

  /** The workers cannot have the policy any more; says what they answered. */
  record PolicyGone(String message) implements VersionOutcome {}
}
