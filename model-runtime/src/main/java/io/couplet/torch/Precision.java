package io.couplet.torch;

import java.util.Locale;

/** Arithmetic of the forward pass of rollouts; scores and training are always float32. */
public enum Precision {
  FLOAT32,
  BFLOAT16;

  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Precision of(String settingName) {
    for (Precision precision : values()) {
      if (precision.settingName().equals(settingName)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "Unknown precision '" + settingName + "'; known: float32, bfloat16");
  }
}
