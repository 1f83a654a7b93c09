package io.couplet.decoding;

import io.couplet.model.ModelConfig;

/**
 * A policy that fills masked positions: one bidirectional forward pass over a batch of partly
 * masked sequences, and for each queried position a candidate token with its confidence. The right
 * shift, the filters (temperature, then top-p, then top-k), the exclusion of the mask token and the
 * choice by inverse cumulative probability happen inside. Not thread-safe: one caller at a time.
 */
public interface Denoiser extends AutoCloseable {
  ModelConfig config();

  Candidates candidates(DenoisingBatch batch);

  @Override
  void close();
}
