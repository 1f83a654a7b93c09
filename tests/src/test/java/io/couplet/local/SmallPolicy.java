package io.couplet.local;

import io.couplet.checkpoint.CheckpointWriter;
import io.couplet.checkpoint.DreamTensors;
import io.couplet.model.ModelConfig;
import io.couplet.problems.SmallTokenizer;
import io.couplet.random.RandomStream;
import io.couplet.safetensors.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A policy directory with a very small model whose weights are drawn at random. */
final class SmallPolicy {
  private SmallPolicy() {}

  static Path write(Path directory) throws IOException {
    return write(directory, 256);
  }

  /**
   * @param positions prompt and completion tokens that fit
   */
  static Path write(Path directory, int positions) throws IOException {
    ModelConfig config =
        new ModelConfig(
            "Dream",
            SmallTokenizer.vocabularySize(),
            32,
            64,
            1,
            2,
            1,
            positions,
            100,
            1e-6,
            false,
            true,
            SmallTokenizer.maskId(),
            SmallTokenizer.padId(),
            SmallTokenizer.endOfTextId(),
            SmallTokenizer.endOfTextId(),
            "float32");
    Files.createDirectories(directory);
    CheckpointWriter.of(config).write(directory, name -> weights(config, name));
    SmallTokenizer.write(directory);
    return directory;
  }

  private static float[] weights(ModelConfig config, String name) {
    int elements =
        DreamTensors.of(config, ElementType.F32).stream()
            .filter(tensor -> tensor.name().equals(name))
            .mapToInt(tensor -> (int) tensor.elements())
            .findFirst()
            .orElseThrow();
    RandomStream stream = RandomStream.named(1, "small policy", name);
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = name.endsWith("norm.weight") ? 1 : (float) (0.2 * stream.nextGaussian());
    }
    return values;
  }
}
