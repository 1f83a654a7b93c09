package io.couplet.learning;

import io.couplet.files.Sha256;
import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What an update of coupled-GRPO is (algorithms, sections 4.1 and 4.2).
 *
 * @param clipLow ratios count down to 1 - clipLow, in (0, 1]
 * @param clipHigh ratios count up to 1 + clipHigh, above 0
 * @param klWeight beta of the k3 KL to the reference policy; 0 keeps no reference
 * @param maskAfterStop tokens behind the first stop token carry no loss
 * @param stopTokenIds what ends a completion; empty: the eos token of the policy's config
 * @param referenceSyncUpdates the reference is renewed after every so many updates; 0 never
 * @param referenceMixup alpha in reference = (1 - alpha) * reference + alpha * policy, in (0, 1]
 * @param learningRate counted in updates
 * @param microBatchSamples samples of one engine call, at least 1; it decides the memory needed,
 *     and the result only up to round-off
 * @param lanes micro-batches computed side by side, at least 1; as above
 */
public record LearnerSettings(
    ScoringSettings scoring,
    double clipLow,
    double clipHigh,
    double klWeight,
    LossAggregation aggregation,
    boolean maskAfterStop,
    List<Integer> stopTokenIds,
    int referenceSyncUpdates,
    double referenceMixup,
    LearningRate learningRate,
    AdamWSettings adamW,
    int microBatchSamples,
    int lanes) {
  public LearnerSettings {
    stopTokenIds = List.copyOf(stopTokenIds);
    require(
        clipLow > 0 && clipLow <= 1 && clipHigh > 0,
        "clip_low must be in (0, 1] and clip_high above 0, found " + clipLow + " and " + clipHigh);
    require(
        klWeight >= 0 && Double.isFinite(klWeight),
        "the KL weight must be finite and not negative, found " + klWeight);
    require(
        referenceSyncUpdates >= 0,
        "updates between syncs of the reference must not be negative: " + referenceSyncUpdates);
    require(
        referenceMixup > 0 && referenceMixup <= 1,
        "the reference's mix-up must be in (0, 1], found " + referenceMixup);
    require(
        microBatchSamples >= 1, "a micro-batch needs at least 1 sample, not " + microBatchSamples);
    require(lanes >= 1, "there must be at least 1 lane, not " + lanes);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("Learner settings: " + problem);
    }
  }

  /** The paper's, at 7B: mu 2, clip 0.5, learning rate 1e-6, beta 0.01. */
  public static LearnerSettings paper() {
    return new LearnerSettings(
        new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 2, 0.2f, 0.8f),
        0.5,
        0.5,
        0.01,
        LossAggregation.TOKEN_MEAN,
        true,
        List.of(),
        32, // 64 optimizer steps at mu = 2
        1.0,
        LearningRate.constant(1e-6, 0),
        AdamWSettings.paper(),
        1,
        1);
  }

  /** What the small policy learns with: mu 1, clip 0.2, learning rate 1e-4. */
  public static LearnerSettings smallPolicy() {
    return new LearnerSettings(
        new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 1, 0.2f, 0.8f),
        0.2,
        0.2,
        0.01,
        LossAggregation.TOKEN_MEAN,
        true,
        List.of(),
        64,
        1.0,
        LearningRate.constant(1e-4, 5),
        AdamWSettings.paper(),
        64,
        2);
  }

  /** SHA-256 of every setting: states of runs with different settings do not mix. */
  public String fingerprint() {
    return Sha256.of(toString().getBytes(StandardCharsets.UTF_8));
  }
}
