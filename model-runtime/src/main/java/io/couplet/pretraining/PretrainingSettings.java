package io.couplet.pretraining;

import io.couplet.files.Sha256;
import io.couplet.learning.AdamWSettings;
import io.couplet.learning.LearningRate;
import java.nio.charset.StandardCharsets;

/**
 * What a pre-training run is.
 *
 * @param seed names initial weights and noise
 * @param steps optimizer steps in all, at least 1
 * @param batchSize examples of a step, at least 1
 * @param tailWeight weight of the tokens behind the first stop token, in (0, 1]: they are easy and
 *     many
 * @param labelSmoothing share of the target distribution that is uniform over the vocabulary, in
 *     [0, 1): the policy keeps trying other tokens at temperature 1 while its first choice stays
 * @param learningRate counted in steps
 * @param microBatchSize examples of one engine call, at least 1
 */
public record PretrainingSettings(
    long seed,
    long steps,
    int batchSize,
    TrainableTokens trainable,
    LossWeighting weighting,
    double tailWeight,
    double labelSmoothing,
    LearningRate learningRate,
    AdamWSettings adamW,
    int microBatchSize) {
  public PretrainingSettings {
    if (steps < 1 || batchSize < 1 || microBatchSize < 1) {
      throw new IllegalArgumentException(
          "Steps, batch size and micro-batch size must be at least 1, found "
              + steps
              + ", "
              + batchSize
              + " and "
              + microBatchSize);
    }
    if (!(tailWeight > 0 && tailWeight <= 1)) {
      throw new IllegalArgumentException("The tail weight must be in (0, 1], not " + tailWeight);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "The label smoothing must be in [0, 1), not " + labelSmoothing);
    }
  }

  /** SHA-256 of every setting: a state goes on only under the settings that it began with. */
  public String fingerprint() {
    return Sha256.of(toString().getBytes(StandardCharsets.UTF_8));
  }
}
