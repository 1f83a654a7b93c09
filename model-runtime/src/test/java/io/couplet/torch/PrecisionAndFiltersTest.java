package io.couplet.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.checkpoint.CheckpointWriter;
import io.couplet.checkpoint.DreamTensors;
import io.couplet.decoding.Candidates;
import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingBatch;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import io.couplet.grpo.TokenScorer;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.TensorSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionAndFiltersTest {
  private static final int[] ROW = {5, 3, 2, 9};

  /** Tokens that 500 evenly spread uniforms pick for the masked position. */
  private static Set<Integer> support(TorchPolicy policy, float topP, int topK) {
    DecodingSettings settings =
        new DecodingSettings(
            DecodingAlgorithm.ENTROPY, DecodingSchedule.DREAM, 1, 1, 3f, topP, topK, 0);
    int n = 500;
    float[] uniform = new float[n];
    int[] position = new int[n];
    for (int i = 0; i < n; i++) {
      uniform[i] = (i + 0.5f) / n;
      position[i] = 2;
    }
    Candidates candidates =
        policy.candidates(
            new DenoisingBatch(
                new int[][] {ROW},
                new int[n],
                position,
                uniform,
                new DecodingSettings[] {settings}));
    Set<Integer> tokens = new HashSet<>();
    IntStream.of(candidates.tokens()).forEach(tokens::add);
    assertThat(candidates.tokens()).as("vocabulary order").isSorted();
    return tokens;
  }

  @Test
  void filtersKeepTheLikelyTokensAndTheMaskTokenIsNeverDrawn() {
    ModelConfig config = TinyModels.config();
    try (TorchPolicy policy = TinyModels.policy(config, 4)) {
      Set<Integer> all = support(policy, 1, 0);
      assertThat(all).hasSizeGreaterThan(6).doesNotContain(config.maskTokenId());
      assertThat(support(policy, 1, 3)).hasSize(3).isSubsetOf(all);
      assertThat(support(policy, 1e-6f, 0)).as("the token that crosses top_p stays").hasSize(1);
      assertThat(support(policy, 0.5f, 0)).isSubsetOf(all).hasSizeLessThan(all.size());
    }
  }

  @Test
  void scoresOfABfloat16PolicyAreThoseOfItsFloat32Weights() {
    ModelConfig config = TinyModels.config();
    ScoringSettings settings =
        new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 1, 0.2f, 0.8f);
    List<CompletedPrompt> sample =
        List.of(new CompletedPrompt("g", 0, new int[] {5, 3}, new int[] {4, 7, 1}));
    DreamModule module = new DreamModule(config, ComputeDevice.CPU);
    try (TorchPolicy full = TinyModels.policy(config, 4);
        TorchPolicy half =
            TorchPolicy.of(module, TinyModels.weights(module, 4), Precision.BFLOAT16)) {
      assertThat(half.logits(List.of(ROW))[0]).isNotEqualTo(full.logits(List.of(ROW))[0]);
      assertThat(TokenScorer.of(half).score(sample, 1, settings)[0][0])
          .isEqualTo(TokenScorer.of(full).score(sample, 1, settings)[0][0]);
    }
  }

  @Test
  void aBfloat16CheckpointIsDecodedWithoutAFloat32CopyAndScoredExactly(@TempDir Path directory)
      throws Exception {
    ModelConfig config = io.couplet.checkpoint.TinyModels.config(false, "bfloat16");
    CheckpointWriter.of(config).write(directory, io.couplet.checkpoint.TinyModels.weights(config));
    long parameters =
        DreamTensors.of(config, ElementType.F32).stream().mapToLong(TensorSpec::elements).sum();
    List<int[]> rows = List.of(new int[] {5, 3, 1, 4});
    List<CompletedPrompt> sample =
        List.of(new CompletedPrompt("g", 0, new int[] {5, 3}, new int[] {4, 7, 1}));
    ScoringSettings settings =
        new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 1, 0.2f, 0.8f);
    try (TorchPolicy half = TorchPolicy.load(directory, ComputeDevice.CPU, Precision.BFLOAT16);
        TorchPolicy full = TorchPolicy.load(directory, ComputeDevice.CPU, Precision.FLOAT32)) {
      float[] decodedWith = half.logits(rows)[0];
      assertThat(half.weightBytes()).isEqualTo(2 * parameters);
      try (DreamModule module = new DreamModule(config, ComputeDevice.CPU);
          Checkpoint checkpoint = Checkpoint.open(directory)) {
        TorchPolicy rounded =
            TorchPolicy.of(module, DreamWeights.read(module, checkpoint), Precision.BFLOAT16);
        assertThat(decodedWith).isEqualTo(rounded.logits(rows)[0]);
      }
      assertThat(TokenScorer.of(half).score(sample, 1, settings)[0][0])
          .isEqualTo(TokenScorer.of(full).score(sample, 1, settings)[0][0]);
      assertThat(half.weightBytes()).isEqualTo((2 + 4) * parameters);
      assertThat(full.weightBytes()).isEqualTo(4 * parameters);
    }
  }
}
