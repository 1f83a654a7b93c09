package io.couplet.learning;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The weight m_k / sum m_k of every token of an update batch: 1 up to and including the first stop
 * token, 0 behind it, normalised over the whole batch however it is cut into micro-batches.
 */
final class LossWeights {
  private final Set<Integer> stopTokens;
  private final boolean maskAfterStop;
  private final LossAggregation aggregation;
  private final int sequences;
  private final long tokens;

  LossWeights(LearnerSettings settings, int eosTokenId, List<TrainingSample> batch) {
    stopTokens =
        settings.stopTokenIds().isEmpty()
            ? Set.of(eosTokenId)
            : new HashSet<>(settings.stopTokenIds());
    maskAfterStop = settings.maskAfterStop();
    aggregation = settings.aggregation();
    sequences = batch.size();
    tokens = batch.stream().mapToLong(this::lossTokens).sum();
  }

  /** Tokens of the batch with loss. */
  long tokens() {
    return tokens;
  }

  /** Number of leading tokens of a completion that carry loss. */
  int lossTokens(TrainingSample sample) {
    int[] completion = sample.completionIds();
    if (maskAfterStop) {
      for (int k = 0; k < completion.length; k++) {
        if (stopTokens.contains(completion[k])) {
          return k + 1;
        }
      }
    }
    return completion.length;
  }

  /** Weights of a completion's tokens, [L]; those of the whole batch sum to 1. */
  float[] of(TrainingSample sample) {
    return weights(sample, unnormalised(sample) * normalisation());
  }

  /** The same without {@link #normalisation}: they depend on the completion alone. */
  float[] unnormalisedOf(TrainingSample sample) {
    return weights(sample, unnormalised(sample));
  }

  /** What the sum over the batch is multiplied by. */
  double normalisation() {
    return switch (aggregation) {
      case TOKEN_MEAN -> 1.0 / tokens;
      case SEQUENCE_MEAN -> 1.0 / sequences;
    };
  }

  private double unnormalised(TrainingSample sample) {
    return switch (aggregation) {
      case TOKEN_MEAN -> 1;
      case SEQUENCE_MEAN -> 1.0 / lossTokens(sample);
    };
  }

  private float[] weights(TrainingSample sample, double weight) {
    float[] weights = new float[sample.completionIds().length];
    Arrays.fill(weights, 0, lossTokens(sample), (float) weight);
    return weights;
  }
}
