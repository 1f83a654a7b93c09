package io.couplet.learner;

import io.couplet.config.RunConfig;
import java.io.Serializable;

/**
 * What the tape rules depend on; the same at replay as in the run.
 *
 * @param groupsPerUpdate B, at least 1
 * @param maxVersionsBehind K, at least 0
 * @param completionTokens L, what every completion on the tape must measure
 * @param innerIterations mu, behaviour scores per sample
 * @param rememberedGroups how many group ids back a repeated one is recognised
 */
public record TapeSettings(
    String run,
    int groupsPerUpdate,
    long maxVersionsBehind,
    int completionTokens,
    int innerIterations,
    int rememberedGroups)
    implements Serializable {
  /** Far more than the groups that can be between two checkpoints. */
  private static final int REMEMBERED = 20_000;

  public TapeSettings {
    if (groupsPerUpdate < 1
        || maxVersionsBehind < 0
        || completionTokens < 1
        || innerIterations < 1
        || rememberedGroups < groupsPerUpdate) {
      throw new IllegalArgumentException(
          "Tape settings are out of range: B "
              + groupsPerUpdate
              + ", K "
              + maxVersionsBehind
              + ", L "
              + completionTokens
              + ", mu "
              + innerIterations
              + ", remembered "
              + rememberedGroups);
    }
  }

  public static TapeSettings of(RunConfig config) {
    return new TapeSettings(
        config.name(),
        config.admission().groupsPerUpdate(),
        config.admission().maxVersionsBehind(),
        config.decoding().length(),
        config.scoring().innerIterations(),
        Math.max(REMEMBERED, 4 * config.admission().groupsPerUpdate()));
  }

  /** All that the decisions depend on but the name of the run. */
  String rules() {
    return "B %d, K %d, L %d, mu %d, remembered %d"
        .formatted(
            groupsPerUpdate,
            maxVersionsBehind,
            completionTokens,
            innerIterations,
            rememberedGroups);
  }
}
