package io.couplet.config;

/** Coupled-GRPO updates. */
public record LearnerSection(
    @Doc(value = "Peak learning rate, above 0.", allowed = "above 0") double learningRate,
    @Doc("constant or cosine (down to 10 %).") LearningRateSchedule schedule,
    @Doc(value = "Updates until the cosine ends; ignored for constant.", allowed = "1 or more")
        long scheduleSteps,
    @Doc(value = "Updates of linear warm-up.", allowed = "0 or more") long warmupSteps,
    @Doc(value = "AdamW first moment.", allowed = "0 or more, below 1") double beta1,
    @Doc(value = "AdamW second moment.", allowed = "0 or more, below 1") double beta2,
    @Doc(value = "AdamW decay; biases and norms are spared.", allowed = "0 or more")
        double weightDecay,
    @Doc(value = "Gradient clipping threshold, above 0.", allowed = "above 0") double maxGradNorm,
    @Doc(value = "Ratio floor is 1 - this.", allowed = "above 0, below 1") double clipLow,
    @Doc(value = "Ratio ceiling is 1 + this.", allowed = "above 0") double clipHigh,
    @Doc(
            value = "Weight of the k3 KL to the reference policy; 0 switches it off.",
            allowed = "0 or more")
        double klBeta,
    @Doc(value = "The reference is synced every so many updates; 0 never.", allowed = "0 or more")
        int refSyncSteps,
    @Doc(
            value = "Share of the current policy in the synced reference, in (0, 1].",
            allowed = "above 0, at most 1")
        double refMixupAlpha,
    @Doc("token_mean or sequence_mean.") LossAggregation lossAggregation,
    @Doc(
            value = "Samples per engine call, 1 or more; more memory, same result up to round-off.",
            allowed = "1 or more")
        int microBatchRows,
    @Doc(
            value =
                "Micro-batches computed side by side, each on a thread of its own and with a gradient"
                    + " of its own; part of what the bits depend on.",
            allowed = "1 or more")
        int lanes,
    @Doc(
            value =
                "Threads of the learner, pinned and recorded: bit-exact replay needs the same number.",
            allowed = "1 or more")
        int threads,
    @Doc(
            value = "Updates in a row with a NaN or infinite gradient that stop the run.",
            allowed = "1 or more")
        int maxNonFinite)
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
        2,
        1,
        5);
  }

  public LearnerSection {
    if (!(learningRate > 0 && Double.isFinite(learningRate))) {
      throw new ConfigException("learner.learning_rate must be above 0, not " + learningRate);
    }
    if (scheduleSteps < 1) {
      throw new ConfigException("learner.schedule_steps must be at least 1, not " + scheduleSteps);
    }
    if (warmupSteps < 0) {
      throw new ConfigException("learner.warmup_steps must not be negative, not " + warmupSteps);
    }
    if (schedule == LearningRateSchedule.COSINE && warmupSteps > scheduleSteps) {
      throw new ConfigException(
          "learner.warmup_steps must end before the cosine, learner.schedule_steps, does, not "
              + warmupSteps
              + " of "
              + scheduleSteps);
    }
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
      throw new ConfigException(
          "learner.beta1 and learner.beta2 must be in [0, 1), not " + beta1 + " and " + beta2);
    }
    if (!(weightDecay >= 0)) {
      throw new ConfigException("learner.weight_decay must not be negative, not " + weightDecay);
    }
    if (refSyncSteps < 0) {
      throw new ConfigException("learner.ref_sync_steps must not be negative, not " + refSyncSteps);
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
    if (lanes < 1) {
      throw new ConfigException("learner.lanes must be at least 1, not " + lanes);
    }
    if (threads < 1) {
      throw new ConfigException("learner.threads must be at least 1, not " + threads);
    }
    if (maxNonFinite < 1) {
      throw new ConfigException("learner.max_non_finite must be at least 1, not " + maxNonFinite);
    }
  }
}
