package io.couplet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.HalfPrecision;
import io.couplet.safetensors.SafetensorsWriter;
import io.couplet.safetensors.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"true, float32", "false, float32", "false, bfloat16", "true, float16"})
  void readsBackWhatWasWritten(boolean tied, String type) throws IOException {
    ModelConfig config = TinyModels.config(tied, type);
    TinyModels.write(directory, config);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertThat(checkpoint.config()).isEqualTo(config);
      assertThat(checkpoint.tensors().stream().map(TensorSpec::name))
          .containsExactlyElementsOf(DreamTensors.names(config));
      for (String name : DreamTensors.names(config)) {
        assertThat(checkpoint.readFloat32(name))
            .isEqualTo(rounded(TinyModels.weights(config).read(name), type));
      }
    }
  }

  private static float[] rounded(float[] values, String type) {
    float[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] =
          switch (type) {
            case "bfloat16" ->
                HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(values[i]));
            case "float16" -> HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(values[i]));
            default -> values[i];
          };
    }
    return result;
  }

  @Test
  void equalWeightsGiveEqualDirectories() throws IOException {
    ModelConfig config = TinyModels.config(false, "float32");
    TinyModels.write(directory.resolve("a"), config);
    TinyModels.write(directory.resolve("b"), config);
    for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
      assertThat(directory.resolve("a").resolve(name))
          .hasSameBinaryContentAs(directory.resolve("b").resolve(name));
    }
  }

  @Test
  void aDescendantKeepsTokenizerFilesAndOtherConfigKeys() throws IOException {
    ModelConfig config = TinyModels.config(true, "float32");
    Path base = TinyModels.write(directory.resolve("base"), config);
    Files.writeString(base.resolve("tokenizer.json"), "{}");
    config.writeOver(Map.of("auto_map", Map.of("AutoModel", "x")), base.resolve("config.json"));
    Path child = directory.resolve("child");
    CheckpointWriter.of(config).descendedFrom(base).write(child, TinyModels.weights(config));
    assertThat(child.resolve("tokenizer.json")).hasContent("{}");
    assertThat(child.resolve("config.json")).hasSameBinaryContentAs(base.resolve("config.json"));
    assertThat(child.resolve("generation_config.json"))
        .hasSameBinaryContentAs(base.resolve("generation_config.json"));
  }

  @Test
  void aPartOfATensorIsThatPart() throws IOException {
    ModelConfig config = TinyModels.config(true, "bfloat16");
    TinyModels.write(directory, config);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      float[] whole = checkpoint.readFloat32(DreamTensors.EMBEDDING);
      FloatBuffer row = FloatBuffer.allocate(config.hiddenSize());
      checkpoint.readFloat32(DreamTensors.EMBEDDING, 5L * config.hiddenSize(), row);
      assertThat(row.hasRemaining()).isFalse();
      for (int i = 0; i < config.hiddenSize(); i++) {
        assertThat(row.get(i)).isEqualTo(whole[5 * config.hiddenSize() + i]);
      }
    }
  }

  @Test
  void aStoredCopyOfATiedOutputIsAccepted() throws IOException {
    ModelConfig config = TinyModels.config(true, "float32");
    writeTensors(
        config,
        specs -> {
          specs.add(DreamTensors.output(config, ElementType.F32));
          return specs;
        },
        0);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertThat(checkpoint.tensors()).hasSize(DreamTensors.names(config).size());
    }
  }

  @Test
  void aMissingTensorIsNamed() throws IOException {
    writeTensors(
        TinyModels.config(false, "float32"),
        specs -> {
          specs.removeIf(spec -> spec.name().equals("model.layers.1.self_attn.k_proj.bias"));
          return specs;
        },
        0);
    assertRefused("tensor model.layers.1.self_attn.k_proj.bias of shape [8] is missing");
  }

  @Test
  void anUntiedModelNeedsItsOutputProjection() throws IOException {
    writeTensors(
        TinyModels.config(false, "float32"),
        specs -> {
          specs.remove(specs.size() - 1);
          return specs;
        },
        0);
    assertRefused("tensor lm_head.weight of shape [40, 16] is missing");
  }

  @Test
  void anExtraTensorIsNamed() throws IOException {
    writeTensors(
        TinyModels.config(false, "float32"),
        specs -> {
          specs.add(TensorSpec.of("model.layers.2.mlp.up_proj.weight", ElementType.F32, 24, 16));
          return specs;
        },
        0);
    assertRefused("holds tensor model.layers.2.mlp.up_proj.weight of shape [24, 16], which the");
  }

  @Test
  void aMisshapedTensorIsNamedWithBothShapes() throws IOException {
    writeTensors(
        TinyModels.config(false, "float32"),
        specs -> {
          specs.set(0, TensorSpec.of(DreamTensors.EMBEDDING, ElementType.F32, 16, 40));
          return specs;
        },
        0);
    assertRefused(
        "model.safetensors: tensor model.embed_tokens.weight must have shape [40, 16] by"
            + " config.json, found [16, 40]");
  }

  @Test
  void anIntegerTensorIsRefused() throws IOException {
    ModelConfig config = TinyModels.config(false, "float32");
    writeTensors(
        config,
        specs -> {
          specs.set(0, TensorSpec.of(DreamTensors.EMBEDDING, ElementType.I32, 40, 16));
          return specs;
        },
        0);
    assertRefused("model.embed_tokens.weight must be F32, BF16 or F16, found I32");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void weightsThatAreNotFiniteAreRefusedWhenRead(float value) throws IOException {
    ModelConfig config = TinyModels.config(true, "float32");
    writeTensors(config, specs -> specs, value);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertThatThrownBy(() -> checkpoint.readFloat32(DreamTensors.FINAL_NORM))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("tensor model.norm.weight holds " + value + " at element 0");
      assertThatThrownBy(
              () -> checkpoint.readFloat32(DreamTensors.FINAL_NORM, 3, FloatBuffer.allocate(2)))
          .hasMessageContaining("at element 3");
    }
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    TinyModels.write(directory, TinyModels.config(false, "float32"));
    Path weights = directory.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused("model.safetensors: tensor lm_head.weight lies at bytes");
    Files.delete(weights);
    assertRefused("holds neither model.safetensors nor model.safetensors.index.json");
  }

  /** Writes the tensors of a model, changed; every value is {@code value}. */
  private void writeTensors(ModelConfig config, UnaryOperator<List<TensorSpec>> change, float value)
      throws IOException {
    config.write(directory.resolve("config.json"));
    List<TensorSpec> specs =
        change.apply(new ArrayList<>(DreamTensors.of(config, ElementType.F32)));
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(directory.resolve("model.safetensors"), Map.of(), specs)) {
      for (TensorSpec spec : specs) {
        if (spec.type().isFloating()) {
          float[] values = new float[(int) spec.elements()];
          Arrays.fill(values, value);
          writer.writeFloat32(spec.name(), values);
        } else {
          writer.writeRaw(spec.name(), ByteBuffer.allocate((int) spec.byteLength()));
        }
      }
    }
  }

  private void assertRefused(String sentence) {
    assertThatThrownBy(() -> Checkpoint.open(directory).close())
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(directory.toString())
        .hasMessageContaining(sentence);
  }

  @Test
  void aDirectoryOfShardsReadsAsOneFile() throws IOException {
    ModelConfig config = TinyModels.config(false, "bfloat16");
    writeShards(config);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      for (String name : DreamTensors.names(config)) {
        assertThat(checkpoint.readFloat32(name))
            .isEqualTo(rounded(TinyModels.weights(config).read(name), "bfloat16"));
      }
    }
  }

  private void writeShards(ModelConfig config) throws IOException {
    CheckpointWriter.of(config).shardedAt(3000).write(directory, TinyModels.weights(config));
    assertThat(directory.resolve("model.safetensors")).doesNotExist();
    assertThat(directory.resolve("model-00002-of-00004.safetensors")).exists();
  }

  @Test
  void anAbsentShardIsNamedWithATensorOfIt() throws IOException {
    writeShards(TinyModels.config(false, "bfloat16"));
    Files.delete(directory.resolve("model-00002-of-00004.safetensors"));
    assertRefused("names the shard model-00002-of-00004.safetensors for tensor model.layers.");
  }

  @Test
  void aTruncatedShardIsRefused() throws IOException {
    writeShards(TinyModels.config(false, "bfloat16"));
    Path shard = directory.resolve("model-00003-of-00004.safetensors");
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused("model-00003-of-00004.safetensors: tensor");
  }

  @ParameterizedTest
  @CsvSource({
    "../secret.safetensors, must be a .safetensors file beside the index",
    "weights.bin, must be a .safetensors file beside the index",
    "model-00001-of-00004.safetensors, has no tensor lm_head.weight",
    ", the required key weight_map.lm_head.weight is missing"
  })
  void anIndexThatPointsElsewhereIsRefused(String shard, String sentence) throws IOException {
    writeShards(TinyModels.config(false, "bfloat16"));
    Path index = directory.resolve("model.safetensors.index.json");
    Map<String, Object> weightMap =
        new LinkedHashMap<>(JsonFile.read(index).object("weight_map").asMap());
    weightMap.put("lm_head.weight", shard);
    JsonFile.write(index, Map.of("weight_map", weightMap));
    assertRefused(sentence);
  }

  @Test
  void aTensorThatTheIndexLeavesOutIsRefused() throws IOException {
    writeShards(TinyModels.config(false, "bfloat16"));
    Path index = directory.resolve("model.safetensors.index.json");
    Map<String, Object> weightMap =
        new LinkedHashMap<>(JsonFile.read(index).object("weight_map").asMap());
    weightMap.remove("model.norm.weight");
    JsonFile.write(index, Map.of("weight_map", weightMap));
    assertRefused(
        "holds tensor model.norm.weight, which model.safetensors.index.json does not map");
  }
}
