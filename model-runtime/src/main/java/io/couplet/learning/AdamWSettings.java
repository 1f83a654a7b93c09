package io.couplet.learning;

/**
 * AdamW with decoupled weight decay of matrices (biases and norms are spared), after clipping the
 * gradient to a total norm with factor max / (norm + 1e-6).
 */
public record AdamWSettings(
    double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {
  public AdamWSettings {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "AdamW's betas must be in [0, 1), found " + beta1 + " and " + beta2);
    }
    if (!(epsilon > 0 && weightDecay >= 0 && maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "AdamW needs epsilon above 0, weight decay of at least 0 and a maximal gradient norm"
              + " above 0, found "
              + epsilon
              + ", "
              + weightDecay
              + " and "
              + maxGradientNorm);
    }
  }

  /** The paper's: 0.9, 0.99, decay 0.1, norm 0.2. */
  public static AdamWSettings paper() {
    return new AdamWSettings(0.9, 0.99, 1e-8, 0.1, 0.2);
  }
}
