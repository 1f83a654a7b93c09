package io.couplet.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.decoding.Candidates;
import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class TorchPolicyTest {
  private static final int MASK = 2;

  private static DecodingSettings settings(DecodingAlgorithm algorithm, float temperature) {
    return new DecodingSettings(algorithm, DecodingSchedule.DREAM, 3, 3, temperature, 1, 0, 0);
  }

  @Test
  void candidatesComeFromAllAlgorithms() {
    try (TorchPolicy policy = TinyModels.policy(TinyModels.config(), 1)) {
      for (DecodingAlgorithm algorithm : DecodingAlgorithm.values()) {
        for (float temperature : new float[] {0, 1, 1.3f}) {
          DecodingSettings settings = settings(algorithm, temperature);
          Candidates candidates =
              policy.candidates(
                  new DenoisingBatch(
                      new int[][] {{5, 6, 7, MASK, MASK}, {5, MASK, MASK, 4}},
                      new int[] {0, 0, 1},
                      new int[] {3, 4, 2},
                      new float[] {.1f, .5f, .99f},
                      new DecodingSettings[] {settings, settings}));
          assertThat(candidates.tokens()).hasSize(3).doesNotContain(MASK);
        }
      }
      assertThat(policy.logits(List.of(new int[] {1, 2, 3}))[0]).hasSize(3 * 13);
    }
  }
}
