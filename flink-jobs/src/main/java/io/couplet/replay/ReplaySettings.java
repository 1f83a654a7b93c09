package io.couplet.replay;

import io.couplet.config.RunConfig;
import io.couplet.learner.TapeSettings;
import java.io.Serializable;

/**
 * What a replay goes by, the same as the run did.
 *
 * @param seed of the run
 */
public record ReplaySettings(TapeSettings tape, long seed) implements Serializable {
  public static ReplaySettings of(RunConfig config) {
    return new ReplaySettings(TapeSettings.of(config), config.seed());
  }
}
