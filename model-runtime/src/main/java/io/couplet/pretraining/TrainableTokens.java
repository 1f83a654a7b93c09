package io.couplet.pretraining;

/** Which tokens of an example are noised and learnt. */
public enum TrainableTokens {
  /** Supervised fine-tuning: the prompt is never noised. */
  COMPLETION,
  /** Pre-training: prompt and completion alike, all but the first token. */
  ALL
}
