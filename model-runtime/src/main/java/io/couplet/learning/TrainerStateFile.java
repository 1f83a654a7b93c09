package io.couplet.learning;

import io.couplet.files.InvalidFileException;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.SafetensorsFile;
import io.couplet.safetensors.SafetensorsWriter;
import io.couplet.safetensors.TensorSpec;
import io.couplet.torch.DreamWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trainer's state as one safetensors file: every part (weights, moments, reference) under its
 * prefix in float32, bit for bit, and the counters as metadata.
 */
public final class TrainerStateFile {
  private static final String FORMAT_KEY = "format";

  private TrainerStateFile() {}

  /**
   * Writes a file that must not exist.
   *
   * @param format what kind of state this is, checked on reading
   * @param parts prefix to tensors
   */
  public static void write(
      Path file, String format, Map<String, String> values, Map<String, DreamWeights> parts)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(values);
    metadata.put(FORMAT_KEY, format);
    List<TensorSpec> tensors = new ArrayList<>();
    parts.forEach(
        (prefix, part) -> part.specs().forEach(spec -> tensors.add(prefixed(prefix, spec))));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, metadata, tensors)) {
      for (Map.Entry<String, DreamWeights> part : parts.entrySet()) {
        part.getValue()
            .drain((tensor, bytes) -> writer.writeRaw(part.getKey() + "." + tensor.name(), bytes));
      }
    }
  }

  private static TensorSpec prefixed(String prefix, TensorSpec spec) {
    return new TensorSpec(prefix + "." + spec.name(), ElementType.F32, spec.shape());
  }

  /** An open state file whose format and tensors have been checked. */
  public record Reading(SafetensorsFile file) implements AutoCloseable {
    public static Reading open(Path path, String format) throws IOException {
      SafetensorsFile file = SafetensorsFile.open(path);
      String found = file.metadata().get(FORMAT_KEY);
      if (!format.equals(found)) {
        file.close();
        throw new InvalidFileException(
            path, "expected a trainer state of format " + format + ", found " + found);
      }
      return new Reading(file);
    }

    public String value(String key) {
      String value = file.metadata().get(key);
      if (value == null) {
        throw new InvalidFileException(file.path(), "has no metadata key " + key);
      }
      return value;
    }

    public long number(String key) {
      try {
        return Long.parseLong(value(key));
      } catch (NumberFormatException e) {
        throw new InvalidFileException(
            file.path(), "metadata key " + key + " must be a number, found " + value(key), e);
      }
    }

    /** Reads all parts, after a check of every tensor: where one does not fit nothing changes. */
    public void readAll(Map<String, DreamWeights> parts) throws IOException {
      parts.forEach(this::check);
      for (Map.Entry<String, DreamWeights> part : parts.entrySet()) {
        part.getValue()
            .fill(
                (tensor, first, into) ->
                    file.readFloat32(part.getKey() + "." + tensor.name(), first, into));
      }
    }

    private void check(String prefix, DreamWeights part) {
      for (TensorSpec spec : part.specs()) {
        TensorSpec expected = prefixed(prefix, spec);
        TensorSpec found = file.spec(expected.name());
        if (!found.equals(expected)) {
          throw new InvalidFileException(
              file.path(),
              "tensor %s must be %s of shape %s, found %s of shape %s"
                  .formatted(
                      expected.name(),
                      expected.type(),
                      expected.shape(),
                      found.type(),
                      found.shape()));
        }
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
