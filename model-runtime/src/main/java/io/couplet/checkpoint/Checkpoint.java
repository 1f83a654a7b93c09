package io.couplet.checkpoint;

import io.couplet.files.InvalidFileException;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.SafetensorsFile;
import io.couplet.safetensors.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Dream-architecture model in a Hugging Face directory: {@code config.json} and the weights in
 * one safetensors file or in shards with an index. Opening checks that exactly the tensors of the
 * architecture are there in the right shapes; reading refuses NaN and infinite weights.
 * Thread-safe.
 */
public final class Checkpoint implements AutoCloseable {
  private final Path directory;
  private final ModelConfig config;
  private final Map<String, SafetensorsFile> fileOfTensor;
  private final List<SafetensorsFile> files;
  private final List<TensorSpec> tensors;

  private Checkpoint(
      Path directory,
      ModelConfig config,
      Map<String, SafetensorsFile> fileOfTensor,
      List<SafetensorsFile> files) {
    this.directory = directory;
    this.config = config;
    this.fileOfTensor = fileOfTensor;
    this.files = files;
    this.tensors =
        DreamTensors.names(config).stream().map(name -> fileOfTensor.get(name).spec(name)).toList();
  }

  /**
   * Opens a model directory.
   *
   * @throws InvalidFileException a file is missing, malformed or does not fit the configuration;
   *     the message names the file, the key or tensor, what was expected and what was found
   */
  public static Checkpoint open(Path directory) throws IOException {
    ModelConfig config = ModelConfig.read(directory.resolve(WeightFiles.CONFIG));
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      Map<String, SafetensorsFile> fileOfTensor = WeightFiles.open(directory, files);
      ArchitectureCheck.check(directory, config, fileOfTensor);
      return new Checkpoint(directory, config, fileOfTensor, List.copyOf(files));
    } catch (IOException | RuntimeException e) {
      closeAll(files, e);
      throw e;
    }
  }

  public Path directory() {
    return directory;
  }

  public ModelConfig config() {
    return config;
  }

  /** The tensors in canonical order, with the element types that the files have. */
  public List<TensorSpec> tensors() {
    return tensors;
  }

  /** Whether every tensor is in bfloat16. */
  public boolean isBfloat16() {
    return tensors.stream().allMatch(tensor -> tensor.type() == ElementType.BF16);
  }

  /** A tensor of less than 2^31 - 1 elements, converted to float32. */
  public float[] readFloat32(String name) throws IOException {
    float[] values = file(name).readFloat32(name);
    checkFinite(name, 0, FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Fills the buffer with elements of a tensor in row-major order from element {@code first} on,
   * converted to float32; for tensors too long for one array.
   */
  public void readFloat32(String name, long first, FloatBuffer into) throws IOException {
    FloatBuffer read = into.duplicate();
    file(name).readFloat32(name, first, into);
    checkFinite(name, first, read);
  }

  /**
   * A read-only memory map of a part of a tensor as it is in its file, not checked for NaN.
   *
   * @param from first byte within the tensor
   * @param length at most 2^31 - 1
   */
  public ByteBuffer map(String name, long from, int length) throws IOException {
    return file(name).map(name, from, length);
  }

  /** The element type of a tensor in its file. */
  public ElementType elementType(String name) {
    return file(name).spec(name).type();
  }

  private SafetensorsFile file(String name) {
    SafetensorsFile file = fileOfTensor.get(name);
    if (file == null) {
      throw new InvalidFileException(directory, "has no tensor " + name);
    }
    return file;
  }

  private void checkFinite(String name, long first, FloatBuffer values) {
    for (int i = 0; values.hasRemaining(); i++) {
      float value = values.get();
      if (!Float.isFinite(value)) {
        throw new InvalidFileException(
            file(name).path(),
            "tensor %s holds %s at element %d; weights must be finite"
                .formatted(name, value, first + i));
      }
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = new IOException("Closing " + directory + " failed");
    closeAll(files, failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private static void closeAll(List<SafetensorsFile> files, Exception failure) {
    for (SafetensorsFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
