package io.couplet.decoding;

import java.util.Locale;

/** How many tokens each denoising step commits. */
public enum DecodingSchedule {
  /**
   * Dream: floor(masked * (1 - t[i+1] / t[i])) on t = linspace(1, 1e-3, steps + 1), last step all.
   */
  DREAM,
  /** LLaDA: length / steps each, the first (length mod steps) steps one more. */
  UNIFORM;

  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static DecodingSchedule of(String settingName) {
    for (DecodingSchedule schedule : values()) {
      if (schedule.settingName().equals(settingName)) {
        return schedule;
      }
    }
    throw new IllegalArgumentException(
        "Unknown decoding schedule '" + settingName + "'; known: dream, uniform");
  }
}
