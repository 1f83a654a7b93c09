package io.couplet.config;

import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;

/** The token scores of coupled-GRPO. */
public record ScoringSection(
    @Doc("coupled, full_mask or decoupled.") Estimator estimator,
    @Doc("released (the paper's), mean or pair_mean.") Normalization normalization,
    @Doc(value = "lambda, mask pairs per inner iteration, 1 or more.", allowed = "1 or more")
        int pairs,
    @Doc(
            value = "mu, updates per batch of groups with fresh masks each, 1 or more.",
            allowed = "1 or more")
        int innerIterations,
    @Doc(value = "Lower end of the mask ratio, above 0.", allowed = "above 0, below 1")
        double maskRatioLow,
    @Doc(value = "Upper end of the mask ratio, below 1.", allowed = "above 0, below 1")
        double maskRatioHigh)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static ScoringSection defaults() {
    return new ScoringSection(Estimator.COUPLED, Normalization.MEAN, 1, 2, 0.2, 0.8);
  }

  /** The same as the scorer takes it; its constructor validates. */
  public ScoringSettings settings() {
    return new ScoringSettings(
        estimator,
        normalization,
        pairs,
        innerIterations,
        (float) maskRatioLow,
        (float) maskRatioHigh);
  }

  public ScoringSection {
    if (pairs < 1) {
      throw new ConfigException("scoring.pairs must be at least 1, not " + pairs);
    }
    if (innerIterations < 1) {
      throw new ConfigException(
          "scoring.inner_iterations must be at least 1, not " + innerIterations);
    }
    if (!(maskRatioLow > 0 && maskRatioLow <= maskRatioHigh && maskRatioHigh < 1)) {
      throw new ConfigException(
          "scoring.mask_ratio_low and mask_ratio_high must satisfy 0 < low <= high < 1, not "
              + maskRatioLow
              + " and "
              + maskRatioHigh);
    }
  }
}
