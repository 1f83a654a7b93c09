package io.couplet.worker;

import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import io.couplet.policy.PolicyReference;

/** The protocol's messages as the domain's records and back. */
public final class Protocol {
  /** Purpose that names the random streams of samples made for training. */
  public static final String ROLLOUT = "rollout";

  /** Purpose that names the random streams of samples made for evaluation. */
  public static final String EVALUATION = "evaluation";

  private Protocol() {}

  /**
   * @throws IllegalArgumentException with a sentence that names the setting
   */
  public static DecodingSettings decoding(io.couplet.worker.v1.DecodingSettings message) {
    return new DecodingSettings(
        DecodingAlgorithm.of(message.getAlgorithm()),
        DecodingSchedule.of(message.getSchedule()),
        message.getLength(),
        message.getSteps() == 0 ? message.getLength() : message.getSteps(),
        message.getTemperature(),
        message.getTopP() == 0 ? 1 : message.getTopP(),
        message.getTopK(),
        message.getAlgTemp());
  }

  public static io.couplet.worker.v1.DecodingSettings message(DecodingSettings settings) {
    return io.couplet.worker.v1.DecodingSettings.newBuilder()
        .setAlgorithm(settings.algorithm().settingName())
        .setSchedule(settings.schedule().settingName())
        .setLength(settings.length())
        .setSteps(settings.steps())
        .setTemperature(settings.temperature())
        .setTopP(settings.topP())
        .setTopK(settings.topK())
        .setAlgTemp(settings.algTemp())
        .build();
  }

  /**
   * @throws IllegalArgumentException with a sentence that names the setting
   */
  public static ScoringSettings scoring(io.couplet.worker.v1.ScoringSettings message) {
    return new ScoringSettings(
        Estimator.of(message.getEstimator()),
        Normalization.of(message.getNormalization()),
        message.getPairs(),
        message.getInnerIterations(),
        message.getMaskRatioLow(),
        message.getMaskRatioHigh());
  }

  public static io.couplet.worker.v1.ScoringSettings message(ScoringSettings settings) {
    return io.couplet.worker.v1.ScoringSettings.newBuilder()
        .setEstimator(settings.estimator().settingName())
        .setNormalization(settings.normalization().settingName())
        .setPairs(settings.pairs())
        .setInnerIterations(settings.innerIterations())
        .setMaskRatioLow(settings.maskRatioLow())
        .setMaskRatioHigh(settings.maskRatioHigh())
        .build();
  }

  public static PolicyReference policy(io.couplet.worker.v1.PolicyReference message) {
    return new PolicyReference(message.getVersion(), message.getUri(), message.getSha256());
  }

  public static io.couplet.worker.v1.PolicyReference message(PolicyReference policy) {
    return io.couplet.worker.v1.PolicyReference.newBuilder()
        .setVersion(policy.version())
        .setUri(policy.uri())
        .setSha256(policy.sha256())
        .build();
  }
}
