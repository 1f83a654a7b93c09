package io.couplet.checkpoint;

import io.couplet.files.JsonFile;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.SafetensorsWriter;
import io.couplet.safetensors.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a model as a Hugging Face directory that {@link Checkpoint} and other programs read. Equal
 * inputs give equal bytes.
 */
public final class CheckpointWriter {
  /** Shard size of published checkpoints; smaller models come out as one file. */
  public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

  private static final String GENERATION_CONFIG = "generation_config.json";

  /** What a checkpoint takes over from the model it descends from, where the files exist. */
  private static final List<String> INHERITED =
      List.of(
          GENERATION_CONFIG,
          "tokenizer.json",
          "tokenizer_config.json",
          "vocab.json",
          "merges.txt",
          "added_tokens.json",
          "special_tokens_map.json",
          "chat_template.jinja");

  private static final Map<String, String> METADATA = Map.of("format", "pt");

  /** Gives each tensor by name; called once per tensor in canonical order. */
  @FunctionalInterface
  public interface Weights {
    /** All elements in row-major order. */
    float[] read(String name) throws IOException;
  }

  private final ModelConfig config;
  private final Path base;
  private final long shardBytes;

  private CheckpointWriter(ModelConfig config, Path base, long shardBytes) {
    this.config = config;
    this.base = base;
    this.shardBytes = shardBytes;
  }

  /** A model of its own: no tokenizer, and a generation config with the ids of the config. */
  public static CheckpointWriter of(ModelConfig config) {
    return new CheckpointWriter(config, null, DEFAULT_SHARD_BYTES);
  }

  /** Takes tokenizer, generation config and unknown config keys from a model directory. */
  public CheckpointWriter descendedFrom(Path baseDirectory) {
    return new CheckpointWriter(config, baseDirectory, shardBytes);
  }

  /** Starts a new shard before one would exceed this size; a larger tensor gets its own. */
  public CheckpointWriter shardedAt(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("Shards need a positive size, not " + bytes);
    }
    return new CheckpointWriter(config, base, bytes);
  }

  /**
   * Writes into {@code directory}, which is created if absent and must not hold weights. Element
   * type is the config's {@code torch_dtype}.
   */
  public void write(Path directory, Weights weights) throws IOException {
    Files.createDirectories(directory);
    writeWeights(directory, weights);
    Map<String, Object> baseConfig =
        base == null ? Map.of() : JsonFile.read(base.resolve(WeightFiles.CONFIG)).asMap();
    if (base == null) {
      JsonFile.write(directory.resolve(GENERATION_CONFIG), generationConfig());
    } else {
      copyInherited(directory);
    }
    config.writeOver(baseConfig, directory.resolve(WeightFiles.CONFIG));
  }

  private void copyInherited(Path directory) throws IOException {
    for (String name : INHERITED) {
      Path file = base.resolve(name);
      if (Files.isRegularFile(file)) {
        Files.write(directory.resolve(name), Files.readAllBytes(file));
      }
    }
  }

  private Map<String, Object> generationConfig() {
    Map<String, Object> ids = new LinkedHashMap<>();
    ids.put("bos_token_id", config.bosTokenId());
    ids.put("eos_token_id", config.eosTokenId());
    ids.put("pad_token_id", config.padTokenId());
    ids.put("mask_token_id", config.maskTokenId());
    return ids;
  }

  private void writeWeights(Path directory, Weights weights) throws IOException {
    List<List<TensorSpec>> shards = shards();
    if (shards.size() == 1) {
      writeFile(directory.resolve(WeightFiles.SINGLE), shards.get(0), weights);
      return;
    }
    long total = shards.stream().flatMap(List::stream).mapToLong(TensorSpec::byteLength).sum();
    Map<String, Object> weightMap = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      writeFile(directory.resolve(name), shards.get(i), weights);
      shards.get(i).forEach(tensor -> weightMap.put(tensor.name(), name));
    }
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("metadata", Map.of("total_size", total));
    index.put(WeightFiles.WEIGHT_MAP, weightMap);
    JsonFile.write(directory.resolve(WeightFiles.INDEX), index);
  }

  private List<List<TensorSpec>> shards() {
    List<List<TensorSpec>> shards = new ArrayList<>();
    long filled = 0;
    for (TensorSpec tensor : DreamTensors.of(config, elementType())) {
      if (shards.isEmpty() || filled + tensor.byteLength() > shardBytes) {
        shards.add(new ArrayList<>());
        filled = 0;
      }
      shards.get(shards.size() - 1).add(tensor);
      filled += tensor.byteLength();
    }
    return shards;
  }

  private ElementType elementType() {
    return switch (config.torchDtype()) {
      case "bfloat16" -> ElementType.BF16;
      case "float16" -> ElementType.F16;
      default -> ElementType.F32;
    };
  }

  private static void writeFile(Path file, List<TensorSpec> tensors, Weights weights)
      throws IOException {
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, METADATA, tensors)) {
      for (TensorSpec tensor : tensors) {
        float[] values = weights.read(tensor.name());
        if (values.length != tensor.elements()) {
          throw new IllegalArgumentException(
              "Tensor %s of shape %s takes %d elements, not %d"
                  .formatted(tensor.name(), tensor.shape(), tensor.elements(), values.length));
        }
        writer.writeFloat32(tensor.name(), values);
      }
    }
  }
}
