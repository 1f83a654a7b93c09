package io.couplet.config;

import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import io.couplet.problems.SmallPolicy;

/** How rollouts are decoded. */
public record DecodingSection(
    @Doc("origin, maskgit_plus, topk_margin or entropy.") DecodingAlgorithm algorithm,
    @Doc("dream or uniform.") DecodingSchedule schedule,
    @Doc(value = "Completion tokens L, 1 or more.", allowed = "1 or more") int length,
    @Doc(value = "Denoising steps; 0 means as many as tokens.", allowed = "0 or more") int steps,
    @Doc(value = "0 is greedy.", allowed = "0 or more") double temperature,
    @Doc(value = "In (0, 1].", allowed = "above 0, at most 1") double topP,
    @Doc(value = "0 for no limit.", allowed = "0 or more") int topK,
    @Doc(value = "0 commits the most confident positions.", allowed = "0 or more") double algTemp)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static DecodingSection defaults() {
    return new DecodingSection(
        DecodingAlgorithm.ENTROPY,
        DecodingSchedule.DREAM,
        SmallPolicy.COMPLETION_LENGTH,
        0,
        1.0,
        1.0,
        0,
        0.0);
  }

  /** The same as the decoder takes it; its constructor validates. */
  public DecodingSettings settings() {
    return at(temperature);
  }

  /** The same at another temperature, for evaluation. */
  public DecodingSettings at(double otherTemperature) {
    return new DecodingSettings(
        algorithm,
        schedule,
        length,
        steps == 0 ? length : steps,
        (float) otherTemperature,
        (float) topP,
        topK,
        (float) algTemp);
  }

  public DecodingSection {
    if (length < 1) {
      throw new ConfigException("decoding.length must be at least 1, not " + length);
    }
    if (steps < 0) {
      throw new ConfigException("decoding.steps must not be negative, not " + steps);
    }
    if (!(temperature >= 0)) {
      throw new ConfigException("decoding.temperature must not be negative, not " + temperature);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new ConfigException("decoding.top_p must be in (0, 1], not " + topP);
    }
    if (topK < 0) {
      throw new ConfigException("decoding.top_k must not be negative, not " + topK);
    }
    if (!(algTemp >= 0)) {
      throw new ConfigException("decoding.alg_temp must not be negative, not " + algTemp);
    }
  }
}
