package io.couplet.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.random.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CommitRuleTest {
  @Test
  void withoutAlgTempTheMostConfidentAreCommitted() {
    assertThat(choose(new float[] {-3, -1, -2, -4}, 2, 0, 0)).containsExactly(1, 2);
  }

  @Test
  void tiesGoToTheLowestPosition() {
    assertThat(choose(new float[] {0.5f, 0.9f, 0.5f, 0.5f}, 2, 0, 0)).containsExactly(0, 1);
  }

  /**
   * First of two drawn without replacement from softmax(c / T): P = p_i + sum_j p_j p_i / (1 -
   * p_j).
   */
  @Test
  void withAlgTempPositionsAreDrawnWithoutReplacementFromTheSoftmax() {
    float[] confidences = {0, -1, -2};
    float algTemp = 0.7f;
    double[] p = new double[3];
    for (int i = 0; i < 3; i++) {
      p[i] = Math.exp(confidences[i] / algTemp);
    }
    double sum = Arrays.stream(p).sum();
    int draws = 40_000;
    int[] drawn = new int[3];
    for (int step = 0; step < draws; step++) {
      for (int i : choose(confidences, 2, algTemp, step)) {
        drawn[i]++;
      }
    }
    for (int i = 0; i < 3; i++) {
      double included = p[i] / sum;
      for (int j = 0; j < 3; j++) {
        if (j != i) {
          included += p[j] / sum * (p[i] / (sum - p[j]));
        }
      }
      assertThat(drawn[i] / (double) draws).isCloseTo(included, within(0.01));
    }
  }

  private static int[] choose(float[] confidences, int count, float algTemp, int step) {
    int[] positions = new int[confidences.length];
    Arrays.setAll(positions, i -> i);
    SampleNoise noise = new SampleNoise(RandomStream.named(5, "test"), confidences.length);
    return CommitRule.choose(confidences, positions, count, algTemp, noise, step);
  }
}
