package io.couplet.config;

/** How the learning rate changes after the warm-up. */
public enum LearningRateSchedule {
  CONSTANT,
  COSINE
}
