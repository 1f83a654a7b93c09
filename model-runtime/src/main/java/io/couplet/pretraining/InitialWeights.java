package io.couplet.pretraining;

import io.couplet.checkpoint.DreamTensors;
import io.couplet.model.ModelConfig;
import io.couplet.random.RandomStream;
import io.couplet.safetensors.TensorSpec;
import io.couplet.torch.DreamWeights;
import java.nio.FloatBuffer;

/**
 * Weights to start pre-training from: norms one, biases zero, matrices normal. The residual
 * branches are damped by 1 / sqrt(2 layers). Each tensor has a random stream of its own, (seed,
 * "weights", tensor name), so that a tensor's values depend on nothing else.
 */
public final class InitialWeights implements DreamWeights.Source {
  /** Small models learn fastest from a wide embedding. */
  private static final double EMBEDDING_DEVIATION = 0.7;

  private static final double OUTPUT_DEVIATION = 0.02;

  private final ModelConfig config;
  private final long seed;
  private String tensor = "";
  private RandomStream stream;
  private long next;

  public InitialWeights(ModelConfig config, long seed) {
    this.config = config;
    this.seed = seed;
  }

  @Override
  public void read(TensorSpec spec, long first, FloatBuffer into) {
    if (!tensor.equals(spec.name()) || next != first) {
      if (first != 0) {
        throw new IllegalArgumentException("Initial weights are drawn from the first element on");
      }
      tensor = spec.name();
      stream = RandomStream.named(seed, "weights", tensor);
    }
    double deviation = deviation(spec);
    next = first + into.remaining();
    while (into.hasRemaining()) {
      into.put(
          spec.shape().size() > 1
              ? (float) (deviation * stream.nextGaussian())
              : tensor.endsWith("bias") ? 0f : 1f);
    }
  }

  private double deviation(TensorSpec spec) {
    if (spec.name().equals(DreamTensors.EMBEDDING)) {
      return config.tieWordEmbeddings() ? OUTPUT_DEVIATION : EMBEDDING_DEVIATION;
    }
    if (spec.name().equals(DreamTensors.OUTPUT)) {
      return OUTPUT_DEVIATION;
    }
    double scale = 1 / Math.sqrt(config.hiddenSize());
    boolean endsBranch = tensor.endsWith("o_proj.weight") || tensor.endsWith("down_proj.weight");
    return endsBranch ? scale / Math.sqrt(2.0 * config.hiddenLayers()) : scale;
  }
}
