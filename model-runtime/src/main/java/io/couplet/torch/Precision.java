package io.couplet.torch;

import java.util.Locale;

/** Arithmetic of the forward pass of rollouts; scores and training are always float32. */
public enum Precision {
  FLOAT32,
  BFLOAT16;

  /** The setting that leaves the choice to the machine. */
  public static final String AUTO = "auto";

  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Takes {@value #AUTO}, too: bfloat16 where the device multiplies matrices in it, which is a GPU
   * or a processor with such instructions; elsewhere float32 is faster.
   */
  public static Precision of(String settingName, ComputeDevice device) {
    if (!settingName.equals(AUTO)) {
      return of(settingName);
    }
    return device.isGpu() || Processor.multipliesBfloat16() ? BFLOAT16 : FLOAT32;
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
