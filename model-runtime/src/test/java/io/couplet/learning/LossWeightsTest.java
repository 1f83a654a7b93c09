package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossWeightsTest {
  private static final int EOS = 1;
  private static final int TURN_END = 9;

  private final TrainingSample stopped = sample(5, TURN_END, EOS, 0, 0);
  private final TrainingSample unstopped = sample(5, 6, 7, 8, 5);

  private static TrainingSample sample(int... completion) {
    return new TrainingSample("g", 0, new int[] {3}, completion, new float[1][5], 1);
  }

  private LossWeights weights(LossAggregation aggregation, boolean mask, List<Integer> stops) {
    LearnerSettings settings =
        new LearnerSettings(
            new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 1, 0.2f, 0.8f),
            0.2,
            0.2,
            0,
            aggregation,
            mask,
            stops,
            0,
            1,
            LearningRate.constant(1e-3, 0),
            AdamWSettings.paper(),
            1,
            1);
    return new LossWeights(settings, EOS, List.of(stopped, unstopped));
  }

  @Test
  void lossEndsWithTheFirstStopTokenItselfIncluded() {
    LossWeights weights = weights(LossAggregation.TOKEN_MEAN, true, List.of(EOS, TURN_END));
    assertThat(weights.tokens()).isEqualTo(7);
    float each = 1f / 7;
    assertThat(weights.of(stopped)).containsExactly(each, each, 0, 0, 0);
    assertThat(weights.of(unstopped)).containsOnly(each);
  }

  @Test
  void withoutStopTokensOfItsOwnTheConfigsEosCounts() {
    LossWeights weights = weights(LossAggregation.TOKEN_MEAN, true, List.of());
    assertThat(weights.lossTokens(stopped)).isEqualTo(3);
  }

  @Test
  void withoutTheMaskEveryTokenCounts() {
    assertThat(weights(LossAggregation.TOKEN_MEAN, false, List.of()).tokens()).isEqualTo(10);
  }

  @Test
  void sequenceMeanGivesEverySequenceTheSameWeight() {
    LossWeights weights = weights(LossAggregation.SEQUENCE_MEAN, true, List.of(TURN_END));
    for (TrainingSample sample : List.of(stopped, unstopped)) {
      float sum = 0;
      for (float weight : weights.of(sample)) {
        sum += weight;
      }
      assertThat(sum).isCloseTo(0.5f, within(1e-6f));
    }
  }
}
