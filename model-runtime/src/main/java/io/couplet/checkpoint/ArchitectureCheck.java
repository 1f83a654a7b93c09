package io.couplet.checkpoint;

import io.couplet.files.InvalidFileException;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.SafetensorsFile;
import io.couplet.safetensors.TensorSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compares the tensors found with those that the configuration asks for. */
final class ArchitectureCheck {
  private ArchitectureCheck() {}

  static void check(Path directory, ModelConfig config, Map<String, SafetensorsFile> found) {
    Map<String, TensorSpec> expected = new LinkedHashMap<>();
    for (TensorSpec spec : DreamTensors.of(config, ElementType.F32)) {
      expected.put(spec.name(), spec);
      if (!found.containsKey(spec.name())) {
        throw new InvalidFileException(
            directory,
            "tensor %s of shape %s is missing; config.json asks for %d layers and %s output projection"
                .formatted(
                    spec.name(),
                    spec.shape(),
                    config.hiddenLayers(),
                    config.tieWordEmbeddings() ? "a tied" : "an own"));
      }
    }
    // Some writers store the tied matrix a second time; it is checked for shape and not used.
    expected.putIfAbsent(DreamTensors.OUTPUT, DreamTensors.output(config, ElementType.F32));
    found.forEach((name, file) -> checkOne(expected.get(name), file.spec(name), file.path()));
  }

  private static void checkOne(TensorSpec expected, TensorSpec found, Path file) {
    if (expected == null) {
      throw new InvalidFileException(
          file,
          "holds tensor %s of shape %s, which the configured model does not have"
              .formatted(found.name(), found.shape()));
    }
    if (!expected.shape().equals(found.shape())) {
      throw new InvalidFileException(
          file,
          "tensor %s must have shape %s by config.json, found %s"
              .formatted(found.name(), expected.shape(), found.shape()));
    }
    if (!found.type().isFloating()) {
      throw new InvalidFileException(
          file,
          "tensor %s must be F32, BF16 or F16, found %s".formatted(found.name(), found.type()));
    }
  }
}
