package io.couplet.config;

/** Coupled-GRPO updates. */
public record LearnerSection(
    @Doc("Peak learning rate, above 0.") double learningRate,
    @Doc("constant or cosine (down to 10 %).") LearningRateSchedule schedule,
    @Doc("Updates until the cosine ends; ignored for constant.") long scheduleSteps,
    @Doc("Updates of linear warm-up.") long warmupSteps,
    @Doc("AdamW first moment.") double beta1,
    @Doc("AdamW second moment.") double beta2,
    @Doc("AdamW decay; biases and norms are spared.") double weightDecay,
    @Doc("Gradient clipping threshold, above 0.") double maxGradNorm,
    @Doc("Ratio floor is 1 - this.") double clipLow,
    @Doc("Ratio ceiling is 1 + this.") double clipHigh,
    @Doc("Weight of the k3 KL to the reference policy; 0 switches it off.") double klBeta,
    @Doc("The reference is synced every so many updates; 0 never.") int refSyncSteps,
    @Doc("Share of the current policy in the synced reference, in (0, 1].") double refMixupAlpha,
    @Doc("token_mean or sequence_mean.") LossAggregation lossAggregation,
    @Doc("Samples per engine call, 1 or more; more memory, same result up to round-off.")
        int microBatchRows,
    @Doc("Threads of the learner, pinned and recorded: bit-exact replay needs the same number.")
        int threads,
    @Doc("Updates in a row with a NaN or infinite gradient that stop the run.") int maxNonFinite)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static LearnerSection defaults() {
    return new LearnerSection(
        2e-4,
        LearningRateSchedule.CONSTANT,
        1000L,
        5L,
        0.9,
        0.99,
        0.1,
        0.2,
        0.2,
        0.2,
        0.01,
        64,
        1.0,
        LossAggregation.TOKEN_MEAN,
        64,
        1,
        5);
  }

  public LearnerSection {
    if (!(learningRate > 0 && Double.isFinite(learningRate))) {
      throw new ConfigException("learner.learning_rate must be above 0, not " + learningRate);
    }
    if (!(maxGradNorm > 0)) {
      throw new ConfigException("learner.max_grad_norm must be above 0, not " + maxGradNorm);
    }
    if (!(clipLow > 0 && clipLow < 1 && clipHigh > 0)) {
      throw new ConfigException(
          "learner.clip_low must be in (0, 1) and learner.clip_high above 0, not "
              + clipLow
              + " and "
              + clipHigh);
    }
    if (!(klBeta >= 0)) {
      throw new ConfigException("learner.kl_beta must not be negative, not " + klBeta);
    }
    if (!(refMixupAlpha > 0 && refMixupAlpha <= 1)) {
      throw new ConfigException("learner.ref_mixup_alpha must be in (0, 1], not " + refMixupAlpha);
    }
    if (microBatchRows < 1) {
      throw new ConfigException(
          "learner.micro_batch_rows must be at least 1, not " + microBatchRows);
    }
    if (threads < 1) {
      throw new ConfigException("learner.threads must be at least 1, not " + threads);
    }
    if (maxNonFinite < 1) {
      throw new ConfigException("learner.max_non_finite must be at least 1, not " + maxNonFinite);
    }
  }
}
