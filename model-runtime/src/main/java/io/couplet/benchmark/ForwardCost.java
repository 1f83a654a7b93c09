package io.couplet.benchmark;

import io.couplet.decoding.Candidates;
import io.couplet.decoding.Denoiser;
import io.couplet.decoding.DenoisingBatch;
import io.couplet.model.ModelConfig;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Counts the floating-point operations of the matrix products that a denoiser makes, two per
 * multiplication and addition. The last layer computes its output projection and MLP for queried
 * positions only, like the output projection to the vocabulary.
 */
final class ForwardCost implements Denoiser {
  private final Denoiser denoiser;
  private double operations;

  ForwardCost(Denoiser denoiser) {
    this.denoiser = denoiser;
  }

  /** Operations so far. */
  double operations() {
    return operations;
  }

  @Override
  public ModelConfig config() {
    return denoiser.config();
  }

  @Override
  public Candidates candidates(DenoisingBatch batch) {
    int length = Arrays.stream(batch.rows()).mapToInt(row -> row.length).max().orElse(0);
    operations += operations(config(), batch.rows().length, length, projected(batch));
    return denoiser.candidates(batch);
  }

  /** Distinct positions that are asked for. */
  private static double projected(DenoisingBatch batch) {
    return IntStream.range(0, batch.queryRow().length)
        .mapToLong(i -> ((long) batch.queryRow()[i] << 32) | batch.queryPosition()[i])
        .distinct()
        .count();
  }

  /** Operations of one forward pass over {@code rows} sequences of {@code length} tokens. */
  static double operations(ModelConfig c, double rows, double length, double queries) {
    double keyValue = (double) c.keyValueHeads() * c.headSize();
    double qkv = c.hiddenSize() * (c.hiddenSize() + 2 * keyValue);
    double rest = (double) c.hiddenSize() * c.hiddenSize();
    rest += 3.0 * c.hiddenSize() * c.intermediateSize();
    double attention = 2 * length * c.hiddenSize(); // scores and weighted values, per token
    double tokens = rows * length;
    double perToken = c.hiddenLayers() * (qkv + attention) + (c.hiddenLayers() - 1) * rest;
    double perQuery = rest + (double) c.hiddenSize() * c.vocabSize();
    return 2 * (tokens * perToken + queries * perQuery);
  }

  @Override
  public void close() {}
}
