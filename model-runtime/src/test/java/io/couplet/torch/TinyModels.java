package io.couplet.torch;

import io.couplet.checkpoint.DreamTensors;
import io.couplet.model.ModelConfig;
import io.couplet.random.RandomStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Models small enough for a test, with weights large enough for every term to matter. */
public final class TinyModels {
  private TinyModels() {}

  /** Two layers, two query heads on one key-value head, vocabulary 13, mask 2, pad 0, eos 1. */
  public static ModelConfig config() {
    return config(2, 1, false, true);
  }

  public static ModelConfig config(int heads, int keyValueHeads, boolean tied, boolean rightShift) {
    return new ModelConfig(
        "Dream",
        13,
        8 * heads,
        20,
        2,
        heads,
        keyValueHeads,
        64,
        100,
        1e-6,
        tied,
        rightShift,
        2,
        0,
        1,
        1,
        "float32");
  }

  public static DreamWeights weights(DreamModule module, long seed) {
    DreamWeights weights = DreamWeights.zeros(module);
    RandomStream stream = RandomStream.named(seed, "tiny");
    try {
      weights.fill(
          (tensor, first, into) -> {
            double deviation =
                tensor.name().equals(DreamTensors.EMBEDDING)
                    ? 0.7
                    : tensor.shape().size() > 1 ? 0.35 : 0.2;
            double mean = tensor.name().endsWith("norm.weight") ? 1 : 0;
            while (into.hasRemaining()) {
              into.put((float) (mean + deviation * stream.nextGaussian()));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return weights;
  }

  public static TorchPolicy policy(ModelConfig config, long seed) {
    DreamModule module = new DreamModule(config, ComputeDevice.CPU);
    return TorchPolicy.of(module, weights(module, seed), Precision.FLOAT32);
  }
}
