package io.couplet.torch;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
}
