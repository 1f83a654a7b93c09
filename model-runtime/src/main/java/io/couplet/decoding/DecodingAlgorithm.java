package io.couplet.decoding;

import java.util.Locale;

/** Which masked positions a denoising step commits (Dream's {@code diffusion_generate}). */
public enum DecodingAlgorithm {
  ORIGIN,
  MASKGIT_PLUS,
  TOPK_MARGIN,
  ENTROPY;

  /** The name used in settings and records, e.g. {@code maskgit_plus}. */
  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static DecodingAlgorithm of(String settingName) {
    for (DecodingAlgorithm algorithm : values()) {
      if (algorithm.settingName().equals(settingName)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException(
        "Unknown decoding algorithm '"
            + settingName
            + "'; known: origin, maskgit_plus, topk_margin, entropy");
  }
}
