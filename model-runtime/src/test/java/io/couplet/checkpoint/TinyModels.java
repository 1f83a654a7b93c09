package io.couplet.checkpoint;

import io.couplet.model.ModelConfig;
import io.couplet.random.RandomStream;
import java.io.IOException;
import java.nio.file.Path;

/** Small models of the Dream architecture with reproducible weights. */
public final class TinyModels {
  private TinyModels() {}

  public static ModelConfig config(boolean tied, String torchDtype) {
    return new ModelConfig(
        "Dream", 40, 16, 24, 2, 4, 2, 128, 1e6, 1e-6, tied, true, 37, 36, 36, 36, torchDtype);
  }

  /** Weights drawn by tensor name. */
  public static CheckpointWriter.Weights weights(ModelConfig config) {
    return name -> {
      RandomStream stream = RandomStream.named(7, "test weights", name);
      long elements =
          DreamTensors.of(config, io.couplet.safetensors.ElementType.F32).stream()
              .filter(tensor -> tensor.name().equals(name))
              .findFirst()
              .orElseThrow()
              .elements();
      float[] values = new float[(int) elements];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) stream.nextGaussian() / 4;
      }
      return values;
    };
  }

  public static Path write(Path directory, ModelConfig config) throws IOException {
    CheckpointWriter.of(config).write(directory, weights(config));
    return directory;
  }
}
