package io.couplet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.files.JsonFile;
import io.couplet.files.JsonObject;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DiffuCoder-7B: its tensors by name, count and bytes, and its layout at reduced sizes. */
class DiffuCoderLayoutTest {
  private static final ModelConfig FULL =
      new ModelConfig(
          "Dream",
          152064,
          3584,
          18944,
          28,
          28,
          4,
          131072,
          1e6,
          1e-6,
          false,
          true,
          151666,
          151643,
          151643,
          151643,
          "bfloat16");

  /** All 28 layers and 28 heads over 4 key-value heads; widths divided by 64. */
  private static final ModelConfig REDUCED =
      new ModelConfig(
          "Dream",
          600,
          56,
          296,
          28,
          28,
          4,
          131072,
          1e6,
          1e-6,
          false,
          true,
          599,
          598,
          598,
          598,
          "bfloat16");

  @TempDir Path directory;

  @Test
  void theFullModelHas339TensorsOf15231233024Bytes() {
    assertThat(DreamTensors.names(FULL)).hasSize(339);
    assertThat(
            DreamTensors.of(FULL, ElementType.BF16).stream()
                .mapToLong(TensorSpec::byteLength)
                .sum())
        .isEqualTo(15_231_233_024L);
    assertThat(DreamTensors.of(FULL, ElementType.BF16))
        .contains(
            TensorSpec.of("model.embed_tokens.weight", ElementType.BF16, 152064, 3584),
            TensorSpec.of("model.layers.27.self_attn.k_proj.weight", ElementType.BF16, 512, 3584),
            TensorSpec.of("model.layers.0.self_attn.v_proj.bias", ElementType.BF16, 512),
            TensorSpec.of("model.layers.13.mlp.down_proj.weight", ElementType.BF16, 3584, 18944),
            TensorSpec.of("lm_head.weight", ElementType.BF16, 152064, 3584));
  }

  @Test
  void fourShardsWithAnIndexLoadByTheSamePath() throws IOException {
    long total =
        DreamTensors.of(REDUCED, ElementType.BF16).stream().mapToLong(TensorSpec::byteLength).sum();
    CheckpointWriter.of(REDUCED)
        .shardedAt(total / 4 + 70_000)
        .write(directory, TinyModels.weights(REDUCED));

    JsonObject index = JsonFile.read(directory.resolve("model.safetensors.index.json"));
    assertThat(index.object("metadata").asMap()).containsEntry("total_size", total);
    assertThat(new TreeSet<>(index.object("weight_map").asMap().values()))
        .isEqualTo(
            new TreeSet<Object>(
                List.of(
                    "model-00001-of-00004.safetensors",
                    "model-00002-of-00004.safetensors",
                    "model-00003-of-00004.safetensors",
                    "model-00004-of-00004.safetensors")));
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertThat(checkpoint.config()).isEqualTo(REDUCED);
      assertThat(checkpoint.tensors())
          .isEqualTo(DreamTensors.of(REDUCED, ElementType.BF16))
          .hasSize(339);
      for (TensorSpec tensor : checkpoint.tensors()) {
        assertThat(checkpoint.readFloat32(tensor.name())).hasSize((int) tensor.elements());
      }
    }
  }
}
