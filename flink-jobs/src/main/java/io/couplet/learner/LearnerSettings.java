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
 * @param evaluateEvery the newest two versions that are multiples of this stay for the evaluation
 *     job, which may lag behind; 0 when the run is not evaluated
 * @param recentPolicies policies that stay for workers, at least 1
 * @param retainedCheckpoints completed checkpoints whose trainer states stay, at least 1
 */
public record LearnerSettings(
    String run,
    long seed,
    String parentRun,
    TapeSettings tape,
    int maxNonFinite,
    int keepEvery,
    int evaluateEvery,
    int recentPolicies,
    int retainedCheckpoints)
    implements Serializable {
  /** Workers need K + 1 versions. */
  private static final int RECENT_POLICIES = 32;

  private static final int RETAINED_CHECKPOINTS = 5;

  public LearnerSettings {
    if (maxNonFinite < 1
        || keepEvery < 0
        || evaluateEvery < 0
        || recentPolicies < 1
        || retainedCheckpoints < 1) {
      throw new IllegalArgumentException(
          "Learner settings are out of range: "
              + maxNonFinite
              + ", "
              + keepEvery
              + ", "
              + evaluateEvery
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
        config.evaluation().every(),
        Math.max(RECENT_POLICIES, config.admission().maxVersionsBehind() + 2),
        RETAINED_CHECKPOINTS);
  }

  boolean keepsStep(long step) {
    return keepEvery > 0 && step % keepEvery == 0;
  }

  boolean evaluates(long version) {
    return evaluateEvery > 0 && version % evaluateEvery == 0;
  }
}
