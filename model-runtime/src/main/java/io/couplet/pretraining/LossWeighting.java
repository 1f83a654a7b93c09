package io.couplet.pretraining;

/** How masked tokens are weighted at noise level t (algorithms, section 2). */
public enum LossWeighting {
  /** 1/t over the number of trainable tokens: the bound on the likelihood. */
  LIKELIHOOD_BOUND,
  /** The mean over masked tokens: less variance, which small models learn faster from. */
  MASKED_MEAN
}
