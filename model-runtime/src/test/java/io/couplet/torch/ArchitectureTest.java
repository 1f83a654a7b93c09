package io.couplet.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.decoding.Candidates;
import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingBatch;
import io.couplet.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forward pass against {@link SlowDream}, for every variant of the architecture. */
class ArchitectureTest {
  private static final int[] SEQUENCE = {5, 3, 2, 9, 2, 2, 11};

  @ParameterizedTest(name = "{0} query heads on {1}, tied {2}, right shift {3}")
  @CsvSource({"2,1,false,true", "2,2,false,true", "4,2,true,true", "2,1,false,false"})
  void logitsAgreeWithPlainLoopsInDoublePrecision(
      int heads, int keyValueHeads, boolean tied, boolean shift) throws Exception {
    ModelConfig config = TinyModels.config(heads, keyValueHeads, tied, shift);
    try (TorchPolicy policy = TinyModels.policy(config, 1)) {
      double[][] expected = new SlowDream(config, policy.float32Weights()).logits(SEQUENCE);
      assertRowsEqual(policy.logits(List.of(SEQUENCE))[0], expected, 1e-5);
    }
  }

  @Test
  void padsChangeNothing() throws Exception {
    ModelConfig config = TinyModels.config();
    int[] longer = {4, 4, 4, 4, 7, 8, 9, 10, 11, 12, 3};
    try (TorchPolicy policy = TinyModels.policy(config, 2)) {
      double[][] expected = new SlowDream(config, policy.float32Weights()).logits(SEQUENCE);
      assertRowsEqual(policy.logits(List.of(longer, SEQUENCE))[1], expected, 1e-5);
    }
  }

  private static void assertRowsEqual(float[] found, double[][] expected, double tolerance) {
    double scale = 0;
    for (double[] row : expected) {
      for (double value : row) {
        scale = Math.max(scale, Math.abs(value));
      }
    }
    for (int i = 0; i < expected.length; i++) {
      for (int v = 0; v < expected[i].length; v++) {
        assertThat((double) found[i * expected[i].length + v])
            .isCloseTo(expected[i][v], within(tolerance * scale));
      }
    }
  }

  @ParameterizedTest(name = "right shift {0}")
  @CsvSource({"true", "false"})
  void aTokenIsPredictedByTheLogitsThatTheConfigNames(boolean shift) {
    ModelConfig config = TinyModels.config(2, 1, false, shift);
    DecodingSettings greedy =
        new DecodingSettings(
            DecodingAlgorithm.MASKGIT_PLUS, DecodingSchedule.DREAM, 1, 1, 0, 1, 0, 0);
    try (TorchPolicy policy = TinyModels.policy(config, 3)) {
      float[] logits = policy.logits(List.of(SEQUENCE))[0];
      int[] positions = {0, 2, 4, 5};
      Candidates candidates =
          policy.candidates(
              new DenoisingBatch(
                  new int[][] {SEQUENCE},
                  new int[positions.length],
                  positions,
                  new float[positions.length],
                  new DecodingSettings[] {greedy}));
      for (int i = 0; i < positions.length; i++) {
        int row = shift && positions[i] > 0 ? positions[i] - 1 : positions[i];
        assertThat(candidates.tokens()[i]).isEqualTo(best(logits, row, config));
      }
    }
  }

  private static int best(float[] logits, int row, ModelConfig config) {
    int best = -1;
    for (int v = 0; v < config.vocabSize(); v++) {
      int at = row * config.vocabSize();
      if (v != config.maskTokenId() && (best < 0 || logits[at + v] > logits[at + best])) {
        best = v;
      }
    }
    return best;
  }
}
