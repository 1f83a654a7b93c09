package io.couplet.grpo;

/**
 * What a token score is; the same for behaviour, reference and current policy.
 *
 * @param pairs lambda, mask pairs per inner iteration, at least 1
 * @param innerIterations mu, at least 1; each has masks of its own
 * @param maskRatioLow lower end of the mask ratio tau, above 0
 * @param maskRatioHigh upper end of tau, below 1
 */
public record ScoringSettings(
    Estimator estimator,
    Normalization normalization,
    int pairs,
    int innerIterations,
    float maskRatioLow,
    float maskRatioHigh) {
  public ScoringSettings {
    if (pairs < 1 || innerIterations < 1) {
      throw new IllegalArgumentException(
          "pairs and inner_iterations must be at least 1, not "
              + pairs
              + " and "
              + innerIterations);
    }
    if (!(maskRatioLow > 0 && maskRatioLow <= maskRatioHigh && maskRatioHigh < 1)) {
      throw new IllegalArgumentException(
          "The mask ratio must satisfy 0 < low <= high < 1, found low "
              + maskRatioLow
              + " and high "
              + maskRatioHigh);
    }
  }
}
