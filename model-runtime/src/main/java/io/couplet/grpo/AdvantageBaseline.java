package io.couplet.grpo;

import java.util.Locale;

/** What a member's reward is compared with (algorithms, section 4.2). */
public enum AdvantageBaseline {
  /** The mean of the group. */
  MEAN,
  /** The mean of the other members: G / (G - 1) times the advantage against the mean. */
  LEAVE_ONE_OUT;

  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static AdvantageBaseline of(String settingName) {
    for (AdvantageBaseline baseline : values()) {
      if (baseline.settingName().equals(settingName)) {
        return baseline;
      }
    }
    throw new IllegalArgumentException(
        "Unknown advantage baseline '" + settingName + "'; known: mean, leave_one_out");
  }
}
