package io.couplet.grpo;

import java.util.Locale;

/** Divisor of the token score (algorithms, section 4.1), lambda being the number of pairs. */
public enum Normalization {
  /** lambda + 1, with the fully masked pass: total weight 1.5 at lambda = 1. */
  RELEASED,
  /** 2 lambda + 1, with the fully masked pass. */
  MEAN,
  /** 2 lambda, without the fully masked pass. */
  PAIR_MEAN;

  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Normalization of(String settingName) {
    for (Normalization normalization : values()) {
      if (normalization.settingName().equals(settingName)
          || (normalization == RELEASED && settingName.equals("paper"))) {
        return normalization;
      }
    }
    throw new IllegalArgumentException(
        "Unknown normalization '" + settingName + "'; known: released (paper), mean, pair_mean");
  }
}
