package io.couplet.learner;

import io.couplet.config.RunConfig;
import java.io.Serializable;

/**
 * What the learner goes by besides the trainer's own settings.
 *
 * @param seed run seed, for the ledger
 * @param parentRun RUN@STEP this run was forked from, or null
 * @param maxNonFinite skipped updates in a row that stop the run, at least 1
 * @param keepEvery policies and trainer states of every n-th step stay for ever; 0 keeps none
 * @param recentPolicies policies that stay for workers and evaluation, at least 1
 * @param retainedCheckpoints completed checkpoints whose trainer states stay, at least 1
 */
public record LearnerSettings(
    String run,
    long seed,
    String parentRun,
    TapeSettings tape,
    int maxNonFinite,
    int keepEvery,
    int recentPolicies,
    int retainedCheckpoints)
    implements Serializable {
  /** Workers need K + 1 versions, evaluation lags further behind. */
  private static final int RECENT_POLICIES = 32;

  private static final int RETAINED_CHECKPOINTS = 5;

  public LearnerSettings {
    if (maxNonFinite < 1 || keepEvery < 0 || recentPolicies < 1 || retainedCheckpoints < 1) {
      throw new IllegalArgumentException(
          "Learner settings are out of range: "
              + maxNonFinite
              + ", "
              + keepEvery
              + ", "
              + recentPolicies
              + ", "
              + retainedCheckpoints);
    }
  }

  public static LearnerSettings of(RunConfig config) {
    return new LearnerSettings(
        config.name(),
        config.seed(),
        config.parent().isEmpty() ? null : config.parent(),
        TapeSettings.of(config),
        config.learner().maxNonFinite(),
        config.policy().keepEvery(),
        Math.max(RECENT_POLICIES, config.admission().maxVersionsBehind() + 2),
        RETAINED_CHECKPOINTS);
  }

  boolean keepsStep(long step) {
    return keepEvery > 0 && step % keepEvery == 0;
  }
}
