package io.couplet.config;

/** The built-in reward sources; others join through reward-sources. */
public record RewardsSection(
    @Doc(
            value = "Weight of the share of passed tests; 0 leaves the source out.",
            allowed = "finite")
        double testsWeight,
    @Doc(
            value = "Weight of the format reward (1, 0.5, 0); 0 leaves the source out.",
            allowed = "finite")
        double formatWeight,
    @Doc("The tests reward is 1 when more than 99 % pass, else 0.") boolean binary,
    @Doc("case (a slow test case fails alone) or completion (it voids the completion).")
        OnTimeout onTimeout,
    @Doc(
            value = "Time of one test case, in ms, where the problem names none.",
            allowed = "1 or more")
        int caseTimeoutMs,
    @Doc(
            value =
                "How long a group waits for the built-in sources after its last rollout, in ms.",
            allowed = "1 or more")
        long deadlineMs,
    @Doc(
            value =
                "How long a judged sample is remembered, so that it is not judged again when its rollout comes again, in ms.",
            allowed = "1 or more")
        long rememberMs)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static RewardsSection defaults() {
    return new RewardsSection(1.0, 0.0, false, OnTimeout.CASE, 2_000, 60_000L, 86_400_000L);
  }

  public RewardsSection {
    if (!(Double.isFinite(testsWeight) && Double.isFinite(formatWeight))) {
      throw new ConfigException(
          "rewards.tests_weight and rewards.format_weight must be finite, not "
              + testsWeight
              + " and "
              + formatWeight);
    }
    if (caseTimeoutMs < 1) {
      throw new ConfigException("rewards.case_timeout_ms must be at least 1, not " + caseTimeoutMs);
    }
    if (deadlineMs < 1) {
      throw new ConfigException("rewards.deadline_ms must be at least 1, not " + deadlineMs);
    }
    if (rememberMs < 1) {
      throw new ConfigException("rewards.remember_ms must be at least 1, not " + rememberMs);
    }
  }
}
