package io.couplet.grpo;

import java.util.Locale;

/** How the log-likelihood of a completion is estimated (algorithms, sections 4.1 and 4.5). */
public enum Estimator {
  /** Complementary mask pairs: every token is scored exactly once per pair. */
  COUPLED,
  /** One pass with the whole completion masked (d1, diffu-GRPO). */
  FULL_MASK,
  /** Two independent masks; a token masked in neither has the fully masked term only. */
  DECOUPLED;

  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Estimator of(String settingName) {
    for (Estimator estimator : values()) {
      if (estimator.settingName().equals(settingName)) {
        return estimator;
      }
    }
    throw new IllegalArgumentException(
        "Unknown estimator '" + settingName + "'; known: coupled, full_mask, decoupled");
  }
}
